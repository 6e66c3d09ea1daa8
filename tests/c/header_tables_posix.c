/* SPDX-License-Identifier: MIT */
/* The tables of constants in this machine's headers. */
#include "header_constants.h"

#include <string.h>

const struct header_constant *const header_tables[] = {
	libc_header_constants,
	kernel_header_constants,
	NULL,
};

#ifdef __GLIBC__

bool differs_on_purpose(const struct header_constant *header, int64_t value)
{
	(void)header;
	(void)value;
	return false;
}

#else

/* musl's numbers are older: the lists of these constants tell. */
bool differs_on_purpose(const struct header_constant *header, int64_t value)
{
	(void)value;
	return (strcmp(header->name, "SOMAXCONN") == 0 && header->value == 128) ||
	       (strcmp(header->name, "NI_MAXHOST") == 0 && header->value == 255);
}

#endif
