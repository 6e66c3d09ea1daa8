/*
 * Addresses, and the families that give them their form.
 *
 * A family describes itself: the fields of its address with their kinds and ranges. With
 * the description and three calls (encode, decode, format) every family is used in the
 * same way; nobody outside of src/family needs a struct sockaddr.
 */
#ifndef CSOCKET_ADDRESS_H
#define CSOCKET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/deadline.h"
#include "csocket/value.h"

CSOCK_BEGIN_DECLS

struct csock_socket;

/* As large as struct sockaddr_storage, and aligned like it. */
#define CSOCK_ADDRESS_MAX 128

/* A socket address as the kernel takes it. length 0 means that there is none. */
struct csock_addr {
	uint32_t length;
	union {
		uint64_t align;
		unsigned char bytes[CSOCK_ADDRESS_MAX];
	} raw;
};

/* Where in raw the family ends and its own data begins. */
#define CSOCK_ADDRESS_HEADER 2

/* What a field accepts. */
enum csock_field_kind {
	CSOCK_FIELD_HOST,    /* text or bytes: a host name, a numeric address, "" or none */
	CSOCK_FIELD_INTEGER, /* an integer from minimum to maximum */
	CSOCK_FIELD_TEXT,    /* text without a zero byte, such as the name of an algorithm */
	CSOCK_FIELD_NAME,    /* text or bytes without a zero byte: what the system knows by name */
	CSOCK_FIELD_PATH,    /* text or bytes: a path of the file system, or raw bytes */
	CSOCK_FIELD_BYTES,   /* bytes */
};

struct csock_field {
	const char *name;
	enum csock_field_kind kind;
	int64_t minimum;
	uint64_t maximum;
};

/* How an address is written, and what it is in a language: its values in a tuple, or alone. */
enum csock_shape {
	CSOCK_SHAPE_TUPLE,
	CSOCK_SHAPE_SCALAR, /* the one value, not a tuple of it */
	CSOCK_SHAPE_EITHER, /* given in both ways; decoded, one value stands alone */
};

/* The protocol of a family whose address form is the same for each of its protocols. */
#define CSOCK_ANY_PROTOCOL (-1)

/* What csock_addr_encode was given, for the row that does it. */
struct csock_encoding {
	const struct csock_value *values;
	size_t count;
	struct csock_socket *sock;
	int64_t deadline;
};

/* One row of the family table. Constant, and valid for the life of the program. */
struct csock_family {
	const char *name; /* "AF_INET" */
	int family;
	int protocol;     /* or CSOCK_ANY_PROTOCOL */
	const char *form; /* "(host, port)", for messages and manuals */
	enum csock_shape shape;
	bool nameless_peers; /* accept() must not ask who connected */
	/* The kernel does what a message asks for inside the call: CSOCK_NOW does not bound it. */
	bool works_in_call;
	/* Opening and closing a socket does not wait, where it does not linger. */
	bool prompt;
	/* An address has the same values on every socket, at every time: no interface is named. */
	bool context_free;
	/* Options at the level that has the family's number are 64 bits wide. */
	bool wide_options;
	size_t required; /* so many fields must be given; the others may be left out */
	size_t field_count;
	const struct csock_field *fields;
	uint32_t minimum_length; /* shorter addresses from the kernel cannot be decoded */
	/* Called by csock_addr_encode and csock_addr_decode, with what those have checked. */
	int (*encode)(const struct csock_encoding *in, struct csock_addr *addr);
	int (*decode)(const struct csock_addr *addr, struct csock_socket *sock,
		      struct csock_values *values);
};

/* The table's rows, and the row for a family and protocol or NULL. */
CSOCK_API const struct csock_family *const *csock_family_table(size_t *count);
CSOCK_API const struct csock_family *csock_family_find(int family, int protocol);

/* Whether so many decoded values are an address by themselves, and not in a tuple. */
CSOCK_API bool csock_family_stands_alone(const struct csock_family *family, size_t count);

/* The family that an address says it is of; AF_UNSPEC for one without. */
CSOCK_API int csock_addr_family(const struct csock_addr *addr);

/*
 * Makes an address from values: 0, or a failure. Each value is checked against its field:
 * CSOCK_REFUSED tells what was wrong with which. A host that is not numeric goes to the
 * resolver, which waits as long as it likes; with CSOCK_NOW the answer is then
 * CSOCK_WOULD_WAIT instead, and the call does not block. addr is written only on success.
 *
 * sock is the socket that the address is for: interfaces have the names that its network
 * namespace gives them. With NULL or a closed socket the namespace is that of the thread.
 */
CSOCK_API int csock_addr_encode(const struct csock_family *family, const struct csock_value *values,
				size_t count, struct csock_socket *sock, int64_t deadline,
				struct csock_addr *addr);

/*
 * Takes an address apart: the number of values, or a failure. sock is the socket that it
 * came from: its protocol decides between forms, its network namespace knows the interfaces;
 * NULL for one that needs neither. An address of a family without a row, one that is cut
 * short, or one that the row cannot read gives CSOCK_REFUSED_FAMILY, CSOCK_REFUSED_SIZE or
 * CSOCK_REFUSED_UNKNOWN; its bytes are in addr->raw for whoever can read them. Nothing
 * beyond addr->length is read.
 */
CSOCK_API int csock_addr_decode(const struct csock_addr *addr, struct csock_socket *sock,
				struct csock_values *values);

/* The row that csock_addr_decode uses; NULL if there is none. */
CSOCK_API const struct csock_family *csock_addr_form(const struct csock_addr *addr,
						     const struct csock_socket *sock);

/*
 * Writes an address as text, such as "('127.0.0.1', 80)", cut to size bytes with the final
 * zero; returns buffer.
 */
CSOCK_API const char *csock_addr_format(const struct csock_addr *addr, struct csock_socket *sock,
					char *buffer, size_t size);

/* True if both are the same address, byte for byte. */
CSOCK_API bool csock_addr_equal(const struct csock_addr *a, const struct csock_addr *b);

CSOCK_END_DECLS

#endif
