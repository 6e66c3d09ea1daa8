/* SPDX-License-Identifier: MIT */
/* The constants in this machine's headers. header_constants.py writes the tables. */
#ifndef CSOCKET_TESTS_HEADER_CONSTANTS_H
#define CSOCKET_TESTS_HEADER_CONSTANTS_H

#include <stddef.h>
#include <stdint.h>

struct header_constant {
	const char *name;
	int64_t value;
};

/* Each ends with an entry without a name. */
extern const struct header_constant kernel_header_constants[];
extern const struct header_constant libc_header_constants[];

#endif
