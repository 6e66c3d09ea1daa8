/**
 * The constants of the socket interface, by name.
 *
 * The table is for programs that get the names at run time: language bindings, or programs that
 * read them from a configuration file or a command line. A C program that knows the name when it is
 * compiled uses the system's headers.
 *
 * On Linux the table has every name with the number of the kernel's interface, even if the headers
 * of the build machine lack it. On other systems it has the names that the system's headers define.
 * The running kernel may still lack the family or option; then the call that uses it fails.
 *
 * The texts are constant, and valid until the program ends. These functions allocate no memory,
 * cannot fail, and need no lock.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_CONSTANTS_H
#define CSOCKET_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <csocket/api.h>

CSOCK_BEGIN_DECLS

/** What a constant is. */
enum csock_constant_kind {
	CSOCK_CONSTANT_INTEGER, /**< its value is in integer */
	CSOCK_CONSTANT_TEXT,    /**< its value is in text */
};

/**
 * One constant.
 *
 * Most constants are integers. Masks and addresses of 32 bits are never negative, even if C uses
 * them with a signed type: INADDR_NONE is 4294967295. A text is an address as csock_addr_encode
 * accepts it: BDADDR_ANY is "00:00:00:00:00:00".
 */
struct csock_constant {
	const char *name;              /**< such as "AF_INET" */
	enum csock_constant_kind kind; /**< says which value is valid */
	int64_t integer;               /**< the value of an integer; else 0 */
	const char *text;              /**< the value of a text, with a final zero; else NULL */
};

/**
 * Writes the constant at an index, from 0 on: false if there are not so many, and then constant is
 * unchanged. They are sorted by name in the order of strcmp(3).
 */
CSOCK_API bool csock_constant_at(size_t index, struct csock_constant *constant) CSOCK_NONNULL(2);

/**
 * Writes the constant with that name: false if there is none, and then constant is unchanged. Names
 * are case-sensitive.
 *
 * @param constant may be NULL
 */
CSOCK_API bool csock_constant_find(const char *name, struct csock_constant *constant)
	CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
