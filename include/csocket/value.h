/**
 * Values: the parts of an address, in one form for all families and languages.
 *
 * ("127.0.0.1", 80) is a text and an integer; an abstract AF_UNIX name is bytes. A value does not
 * own the memory that it points to: the memory must outlive the value.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_VALUE_H
#define CSOCKET_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/** The maximum number of values in an address. */
#define CSOCK_VALUES_MAX 8
/** The size of csock_values.text: room for all texts of one address, with their final zeros. */
#define CSOCK_VALUE_TEXT_MAX 112

/** What a value is, and where. */
enum csock_value_kind {
	CSOCK_VALUE_NONE,    /**< no value; as a host it means the wildcard address */
	CSOCK_VALUE_INTEGER, /**< in integer */
	CSOCK_VALUE_TEXT,    /**< in data and length; a decoded text also has a final zero byte */
	CSOCK_VALUE_BYTES,   /**< in data and length */
};

/** A value. */
struct csock_value {
	enum csock_value_kind kind; /**< says which of the others are valid */
	/** For a field whose maximum is above INT64_MAX, these bits are an unsigned integer. */
	int64_t integer;
	const char *data; /**< the text or the bytes; may be NULL if length is 0 */
	size_t length;    /**< in bytes, without a final zero */
};

/** Initialises a value with a string literal: {CSOCK_TEXT("hash"), CSOCK_INTEGER(80)}. */
#define CSOCK_TEXT(text)                                                                           \
	{                                                                                          \
		CSOCK_VALUE_TEXT, 0, (text), sizeof("" text) - 1                                   \
	}
/** Initialises a value with a number. */
#define CSOCK_INTEGER(number)                                                                      \
	{                                                                                          \
		CSOCK_VALUE_INTEGER, (number), NULL, 0                                             \
	}

/**
 * A decoded address. The data of its values is in text or in the struct csock_addr that was
 * decoded: copy or move neither while the values are in use.
 */
struct csock_values {
	size_t count;                              /**< how many values there are */
	struct csock_value item[CSOCK_VALUES_MAX]; /**< the values */
	char text[CSOCK_VALUE_TEXT_MAX];           /**< what data of some of them points to */
};

CSOCK_END_DECLS

#endif
