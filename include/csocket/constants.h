/* SPDX-License-Identifier: MIT */
/*
 * The constants of the socket interface, by name.
 *
 * They are for programs that get the names at run time: language bindings, or programs that read
 * them from a configuration file or a command line. A C program that knows the name when it is
 * compiled uses the system's headers.
 *
 * On Linux the table has every name with the number of the kernel's interface, even if the headers
 * of the build machine lack it. On other systems it has the names that the system's headers define.
 * The running kernel may still lack the family or option; then the call that uses it fails.
 *
 * The texts are constant, and valid until the program ends. These functions allocate no memory,
 * cannot fail, and need no lock.
 */
#ifndef CSOCKET_CONSTANTS_H
#define CSOCKET_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <csocket/api.h>

CSOCK_BEGIN_DECLS

enum csock_constant_kind {
	CSOCK_CONSTANT_INTEGER,
	CSOCK_CONSTANT_TEXT,
};

/*
 * One constant. Its kind says which of the two values is valid; the other is 0 or NULL.
 *
 * Most constants are integers. Masks and addresses of 32 bits are never negative, even if C uses
 * them with a signed type: INADDR_NONE is 4294967295. A text is an address as csock_addr_encode
 * accepts it: BDADDR_ANY is "00:00:00:00:00:00".
 */
struct csock_constant {
	const char *name;
	enum csock_constant_kind kind;
	int64_t integer;
	const char *text;
};

/*
 * Writes the constant at an index, from 0 on: false if there are not so many, and then constant is
 * unchanged. They are sorted by name in the order of strcmp(3).
 */
CSOCK_API bool csock_constant_at(size_t index, struct csock_constant *constant);

/*
 * Writes the constant with that name: false if there is none, and then constant is unchanged. Names
 * are case-sensitive. constant may be NULL.
 */
CSOCK_API bool csock_constant_find(const char *name, struct csock_constant *constant);

CSOCK_END_DECLS

#endif
