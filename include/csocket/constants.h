/* SPDX-License-Identifier: MIT */
/*
 * csocket/constants.h - the constants of the socket interface, by name
 *
 * For programs that meet the names at run time: language bindings, configuration files, command
 * lines. A C program that knows the name when it is compiled uses the system's headers.
 *
 * On Linux every name is there, with the number that the kernel's interface gives it, whatever
 * the headers of the machine that built the library knew. On other systems the names are there
 * that the system's headers define. A name says nothing about the running kernel: whether it
 * knows a family or an option, the call that uses it tells.
 *
 * The table and all that it points to are constant and live as long as the program: nothing here
 * allocates, fails, or needs a lock.
 */
#ifndef CSOCKET_CONSTANTS_H
#define CSOCKET_CONSTANTS_H

#include <stddef.h>
#include <stdint.h>

#include <csocket/api.h>

CSOCK_BEGIN_DECLS

enum csock_constant_kind {
	CSOCK_CONSTANT_INTEGER,
	CSOCK_CONSTANT_TEXT,
};

/*
 * One constant. The kind says which of the two values holds; the other one is 0 or NULL.
 *
 * Most constants are integers. Masks and addresses of 32 bits are not negative, whatever the sign
 * of the C type that they are used with: INADDR_NONE is 4294967295. A text is an address in the
 * notation of this library: BDADDR_ANY is "00:00:00:00:00:00".
 */
struct csock_constant {
	const char *name;
	enum csock_constant_kind kind;
	int64_t integer;
	const char *text;
};

/*
 * All constants, sorted by name (in the order of strcmp); their number goes to *count.
 */
CSOCK_API const struct csock_constant *csock_constant_table(size_t *count);

/*
 * The constant of that name, or NULL when there is none. Upper and lower case differ.
 */
CSOCK_API const struct csock_constant *csock_constant_find(const char *name);

CSOCK_END_DECLS

#endif
