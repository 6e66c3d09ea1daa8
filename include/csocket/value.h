/*
 * Values: the parts of an address, in a form that no language and no family owns.
 *
 * ("127.0.0.1", 80) is a text and an integer; an abstract AF_UNIX name is bytes. Values
 * borrow what they point to: it must outlive them.
 */
#ifndef CSOCKET_VALUE_H
#define CSOCKET_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/* The most values that an address of any family has. */
#define CSOCK_VALUES_MAX 8
/* Room for the longest text that decoding makes, with its final zero. */
#define CSOCK_VALUE_TEXT_MAX 112

enum csock_value_kind {
	CSOCK_VALUE_NONE, /* left out, or nothing where the family allows that */
	CSOCK_VALUE_INTEGER,
	CSOCK_VALUE_TEXT, /* a name; has a final zero after its length */
	CSOCK_VALUE_BYTES,
};

struct csock_value {
	enum csock_value_kind kind;
	/* Two's complement: a field whose maximum is above INT64_MAX reads it as unsigned. */
	int64_t integer;
	const char *data;
	size_t length;
};

/* A decoded address. Texts point into it or into the address: move neither while in use. */
struct csock_values {
	size_t count;
	struct csock_value item[CSOCK_VALUES_MAX];
	char text[CSOCK_VALUE_TEXT_MAX];
};

CSOCK_END_DECLS

#endif
