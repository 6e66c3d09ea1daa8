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
	CSOCK_FIELD_TEXT,    /* text, such as the name of an interface */
	CSOCK_FIELD_PATH,    /* text or bytes: a path of the file system, or raw bytes */
	CSOCK_FIELD_BYTES,   /* bytes */
};

struct csock_field {
	const char *name;
	enum csock_field_kind kind;
	int64_t minimum;
	uint64_t maximum;
};

/* The protocol of a family whose address form is the same for each of its protocols. */
#define CSOCK_ANY_PROTOCOL (-1)

/* One row of the family table. Constant, and valid for the life of the program. */
struct csock_family {
	const char *name; /* "AF_INET" */
	int family;
	int protocol;     /* or CSOCK_ANY_PROTOCOL */
	const char *form; /* "(host, port)", for messages and manuals */
	bool scalar;      /* the address is its one value, not a tuple of it */
	size_t required;  /* so many fields must be given; the others may be left out */
	size_t field_count;
	const struct csock_field *fields;
	uint32_t minimum_length; /* shorter addresses from the kernel cannot be decoded */
	/* Called by csock_addr_encode and csock_addr_decode, with what those have checked. */
	int (*encode)(const struct csock_value *values, size_t count, int64_t deadline,
		      struct csock_addr *addr);
	void (*decode)(const struct csock_addr *addr, struct csock_values *values);
};

/* The table's rows, and the row for a family and protocol or NULL. */
CSOCK_API const struct csock_family *const *csock_family_table(size_t *count);
CSOCK_API const struct csock_family *csock_family_find(int family, int protocol);

/* The family that an address says it is of; AF_UNSPEC for one without. */
CSOCK_API int csock_addr_family(const struct csock_addr *addr);

/*
 * Makes an address from values: 0, or a failure. Each value is checked against its field:
 * CSOCK_REFUSED tells what was wrong with which. A host that is not numeric goes to the
 * resolver, which waits as long as it likes; with CSOCK_NOW the answer is then
 * CSOCK_WOULD_WAIT instead, and the call does not block. addr is written only on success.
 */
CSOCK_API int csock_addr_encode(const struct csock_family *family, const struct csock_value *values,
				size_t count, int64_t deadline, struct csock_addr *addr);

/*
 * Takes an address apart: the number of values, or a failure. protocol is that of the
 * socket it came from, or CSOCK_ANY_PROTOCOL. An address of a family without a row, or one
 * that is cut short, gives CSOCK_REFUSED_FAMILY or CSOCK_REFUSED_SIZE; its bytes are in
 * addr->raw for whoever can read them. Nothing beyond addr->length is read.
 */
CSOCK_API int csock_addr_decode(const struct csock_addr *addr, int protocol,
				struct csock_values *values);

/*
 * Writes an address as text, such as "('127.0.0.1', 80)", cut to size bytes with the final
 * zero; returns buffer.
 */
CSOCK_API const char *csock_addr_format(const struct csock_addr *addr, int protocol, char *buffer,
					size_t size);

/* True if both are the same address, byte for byte. */
CSOCK_API bool csock_addr_equal(const struct csock_addr *a, const struct csock_addr *b);

CSOCK_END_DECLS

#endif
