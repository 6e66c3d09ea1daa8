/**
 * Socket addresses, and the families that define their form.
 *
 * The first part makes and reads addresses of IP and AF_UNIX in one call each. It looks up no host
 * names: csocket/resolver.h does.
 *
 * The second part is for every family. Each describes the fields of its address, with their kinds
 * and ranges. With that description, three calls (encode, decode, format) work for all of them, and
 * no program needs a struct sockaddr.
 */
/* SPDX-License-Identifier: MIT */
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

/** At least as large as any system's struct sockaddr_storage. */
#define CSOCK_ADDRESS_MAX 256

/** A socket address as the kernel takes it: raw is the system's struct sockaddr. */
struct csock_addr {
	uint32_t length; /**< in bytes; 0 means no address */
	union {
		uint64_t align;
		unsigned char bytes[CSOCK_ADDRESS_MAX];
	} raw;
};

/** The size of a buffer for csock_addr_host, with the final zero. */
#define CSOCK_ADDRESS_HOST_MAX 96
/** The size of a buffer for csock_addr_text and csock_addr_format, with the final zero. */
#define CSOCK_ADDRESS_TEXT_MAX 1088

/**
 * Makes the address of a numeric IPv4 host and a port: 0, or a failure, and then addr is
 * unchanged. It fails with CSOCK_REFUSED_SYNTAX if the host is not numeric, and CSOCK_REFUSED_RANGE
 * if the port is not 0 to 65535.
 *
 * @param host such as "127.0.0.1"; NULL is the wildcard address, 0.0.0.0
 */
CSOCK_API int csock_addr_inet(struct csock_addr *addr, const char *host, int port) CSOCK_NONNULL(1);

/**
 * The same as csock_addr_inet for IPv6. If the host names its interface ("fe80::1%eth0",
 * "fe80::1%2"), scope_id is ignored. The name is looked up as csock_if_nametoindex does, and fails
 * as it does.
 *
 * @param host such as "::1"; NULL is the wildcard address, "::"
 * @param scope_id the index of the interface for a link-local address, else 0
 */
CSOCK_API int csock_addr_inet6(struct csock_addr *addr, const char *host, int port,
			       uint32_t scope_id) CSOCK_NONNULL(1);

/**
 * Makes an AF_UNIX address from length bytes of a path, without a final zero; on Linux also from a
 * name of the abstract namespace, which begins with a zero byte: 0, or a failure, and then addr is
 * unchanged. With length 0 it is the unnamed address, which lets csock_bind choose a name. It fails
 * with CSOCK_REFUSED_TOO_LONG above 107 bytes (108 if abstract), and CSOCK_REFUSED_NUL if a path
 * contains a zero byte.
 *
 * @param path may be NULL if length is 0
 */
CSOCK_API int csock_addr_unix(struct csock_addr *addr, const char *path, size_t length)
	CSOCK_NONNULL(1);

/**
 * Copies a struct sockaddr of any family, which has length bytes: 0, or CSOCK_REFUSED_SIZE if it is
 * shorter than its family or longer than CSOCK_ADDRESS_MAX, and then addr is unchanged.
 *
 * @param sockaddr may be NULL if length is 0; of any alignment
 */
CSOCK_API int csock_addr_from_sockaddr(struct csock_addr *addr, const void *sockaddr, size_t length)
	CSOCK_NONNULL(1, 2);

/**
 * The port of an AF_INET or AF_INET6 address, in host byte order: 0 to 65535, or a failure:
 * CSOCK_REFUSED_FAMILY for other families, CSOCK_REFUSED_SIZE if the address is cut short.
 */
CSOCK_API int csock_addr_port(const struct csock_addr *addr) CSOCK_NONNULL(1);

/**
 * Changes the port of an AF_INET or AF_INET6 address: 0, or a failure as for csock_addr_port, or
 * CSOCK_REFUSED_RANGE if the port is not 0 to 65535.
 */
CSOCK_API int csock_addr_set_port(struct csock_addr *addr, int port) CSOCK_NONNULL(1);

/**
 * Writes the host of an AF_INET or AF_INET6 address as text: 0, or a failure as for
 * csock_addr_port. A scope follows as the name of its interface, or its number if there is no such
 * interface: "fe80::1%eth0". csock_addr_inet6 reads it again.
 *
 * @param sock as for csock_addr_decode; may be NULL
 */
CSOCK_API int csock_addr_host(const struct csock_addr *addr, struct csock_socket *sock,
			      char host[CSOCK_ADDRESS_HOST_MAX]) CSOCK_NONNULL(1, 3);

/**
 * Writes an address of any family as people write it, and returns buffer: "127.0.0.1:80",
 * "[::1]:80", "[fe80::1%eth0]:80", "/run/x.sock", "@name" for an abstract name; other families as
 * csock_addr_format does. Bytes of a path that are not printable ASCII, and backslashes, become
 * "\xNN"; a zero byte within an abstract name becomes "@", as in /proc/net/unix. An unnamed AF_UNIX
 * address is "(unnamed)", no address "(none)". The text is cut to size bytes, with a final zero;
 * CSOCK_ADDRESS_TEXT_MAX bytes are enough.
 *
 * @param sock as for csock_addr_decode; may be NULL
 */
CSOCK_API const char *csock_addr_text(const struct csock_addr *addr, struct csock_socket *sock,
				      char *buffer, size_t size) CSOCK_NONNULL(1);

/** The offset in raw of the family's own data, in bytes. */
#define CSOCK_ADDRESS_HEADER 2

/** The values that a field accepts. */
enum csock_field_kind {
	CSOCK_FIELD_HOST,    /**< text or bytes: a host name, a numeric address, "" or none */
	CSOCK_FIELD_INTEGER, /**< an integer from minimum to maximum */
	CSOCK_FIELD_TEXT,    /**< text without a zero byte, such as the name of an algorithm */
	CSOCK_FIELD_NAME,    /**< text or bytes without a zero byte, such as an interface's name */
	CSOCK_FIELD_PATH,    /**< text or bytes: a path of the file system, or an abstract name */
	CSOCK_FIELD_BYTES,   /**< bytes */
	CSOCK_FIELD_UUID,    /**< text: a UUID, 32 hexadecimal digits with hyphens */
};

/** One field of an address form. Only an integer has a range. */
struct csock_field {
	const char *name;           /**< such as "port" */
	enum csock_field_kind kind; /**< the values that it accepts */
	int64_t minimum;            /**< the least integer */
	uint64_t maximum;           /**< the greatest integer */
};

/** How a language writes an address: as a tuple of its values, or as one value. */
enum csock_shape {
	CSOCK_SHAPE_TUPLE,  /**< several values, or one in a tuple */
	CSOCK_SHAPE_SCALAR, /**< one value without a tuple */
	CSOCK_SHAPE_EITHER, /**< encoded from both; decoded to a tuple if it has several values */
};

/** The protocol in the row of a family that has the same address form for all its protocols. */
#define CSOCK_ANY_PROTOCOL (-1)

/**
 * One row of the family table. Constant, and valid until the program ends. Only the table has any.
 */
struct csock_family {
	const char *name;       /**< "AF_INET" */
	int family;             /**< such as AF_INET */
	int protocol;           /**< of the family, or CSOCK_ANY_PROTOCOL */
	const char *form;       /**< such as "(host, port)", for messages and documentation */
	enum csock_shape shape; /**< how a language writes it */
	/** accept(2) fails if it is asked for the peer's address, so csock_accept does not ask. */
	bool peers_have_no_address;
	/**
	 * The kernel processes a message within sendmsg(2) or recvmsg(2), so a call may take long
	 * with any deadline, CSOCK_NOW too (csock_can_try).
	 */
	bool unbounded_calls;
	/** socket(2) does not wait, nor does close(2) without SO_LINGER (csock_close_may_wait). */
	bool opens_and_closes_at_once;
	/**
	 * An address means the same on every socket at any time, because it names no interface. So
	 * a caller may keep its values and its bytes, unless the resolver looked up the host.
	 */
	bool cacheable;
	/** Options at the level that has the family's number are 64 bits wide, others an int. */
	bool wide_options;
	/** Messages can have a struct csock_alg_operation as ancillary data (csocket/alg.h). */
	bool takes_operations;
	/** Languages report a value of the wrong kind or range as text that does not parse. */
	bool misfit_is_syntax;
	/** The message for CSOCK_REFUSED_SYNTAX; NULL if the family has none of its own. */
	const char *bad_syntax;
	/** The message for a protocol of the family that has no row; NULL if there is none. */
	const char *unknown_protocol;
	size_t required;    /**< the number of fields that must be given; the others are optional */
	size_t field_count; /**< the number of all fields */
	const struct csock_field *fields; /**< all fields, in the order of the form */
	uint32_t minimum_length; /**< shorter addresses from the kernel cannot be decoded */
};

/** The row at an index of the table, from 0 on, or NULL if there are not so many. */
CSOCK_API const struct csock_family *csock_family_at(size_t index);

/** The row for a family and protocol, or NULL if there is none. */
CSOCK_API const struct csock_family *csock_family_find(int family, int protocol);

/** Why csock_family_find found no row for a protocol of the family, as text. */
CSOCK_API const char *csock_family_missing_text(int family);

/** Whether an address of count decoded values is written as one value, not as a tuple. */
CSOCK_API bool csock_family_stands_alone(const struct csock_family *family, size_t count)
	CSOCK_NONNULL(1);

/** The family in an address; AF_UNSPEC if it has none. */
CSOCK_API int csock_addr_family(const struct csock_addr *addr) CSOCK_NONNULL(1);

/**
 * Makes an address from values: 0, or a failure, and then addr is unchanged. It checks each value
 * against its field; CSOCK_REFUSED tells the field and the reason. It looks up a host that is not
 * numeric with csock_resolve_host: with CSOCK_NOW that fails with CSOCK_WOULD_WAIT.
 *
 * @param family NULL, such as csock_family_find returns, fails with CSOCK_REFUSED_FAMILY
 * @param values may be NULL if count is 0
 * @param sock names of interfaces are looked up in its network namespace; if it is NULL or closed,
 * in that of the thread
 */
CSOCK_API int csock_addr_encode(const struct csock_family *family, const struct csock_value *values,
				size_t count, struct csock_socket *sock, int64_t deadline,
				struct csock_addr *addr) CSOCK_NONNULL(6);

/**
 * Splits an address into values: their number, or a failure. The call fails with
 * CSOCK_REFUSED_FAMILY if the family has no row, CSOCK_REFUSED_SIZE if the address is cut short,
 * and CSOCK_REFUSED_UNKNOWN if the row cannot read it. It reads nothing beyond addr->length.
 *
 * @param sock the socket that the address came from: its protocol selects the form, and its network
 * namespace names the interfaces. NULL if the address needs neither
 * @param values points into addr: see struct csock_values
 */
CSOCK_API int csock_addr_decode(const struct csock_addr *addr, struct csock_socket *sock,
				struct csock_values *values) CSOCK_NONNULL(1, 3);

/** The row that csock_addr_decode uses; NULL if there is none. sock may be NULL. */
CSOCK_API const struct csock_family *csock_addr_form(const struct csock_addr *addr,
						     const struct csock_socket *sock)
	CSOCK_NONNULL(1);

/**
 * Writes an address as its values, such as "('127.0.0.1', 80)", and returns buffer. The text is cut
 * to size bytes, with a final zero; CSOCK_ADDRESS_TEXT_MAX bytes are enough.
 *
 * @param sock as for csock_addr_decode; may be NULL
 */
CSOCK_API const char *csock_addr_format(const struct csock_addr *addr, struct csock_socket *sock,
					char *buffer, size_t size) CSOCK_NONNULL(1);

/** Whether both addresses have the same bytes. */
CSOCK_API bool csock_addr_equal(const struct csock_addr *a, const struct csock_addr *b)
	CSOCK_NONNULL(1, 2);

CSOCK_END_DECLS

#endif
