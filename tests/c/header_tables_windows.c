/* SPDX-License-Identifier: MIT */
/* The tables of constants in this machine's headers. */
#include "header_constants.h"

#include <string.h>

#include "csocket/system.h"

const struct header_constant *const header_tables[] = {
	windows_header_constants,
	NULL,
};

/* Numbers with a sign, as stock has them; and errors that mingw-w64 has otherwise than the SDK. */
bool differs_on_purpose(const struct header_constant *header, int64_t value)
{
	bool has_sign = strncmp(header->name, "INADDR_", 7) == 0 ||
			strncmp(header->name, "SO_BTH_", 7) == 0;

	return (has_sign && value == (int32_t)header->value) ||
	       (strcmp(header->name, "EWOULDBLOCK") == 0 && value == WSAEWOULDBLOCK) ||
	       (strcmp(header->name, "EAI_NODATA") == 0 && value == WSAHOST_NOT_FOUND);
}
