/* SPDX-License-Identifier: MIT */
/* The constants in this machine's headers. header_constants.py writes the tables. */
#ifndef CSOCKET_TESTS_HEADER_CONSTANTS_H
#define CSOCKET_TESTS_HEADER_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct header_constant {
	const char *name;
	int64_t value;
};

/* Each ends with an entry without a name. */
extern const struct header_constant kernel_header_constants[];
extern const struct header_constant libc_header_constants[];
extern const struct header_constant windows_header_constants[];

/* Those of this system, and NULL. */
extern const struct header_constant *const header_tables[];

/* Whether our number is another one for a reason. */
bool differs_on_purpose(const struct header_constant *header, int64_t value);

#endif
