/**
 * IP addresses as text, and packed: as 4 or 16 bytes in network byte order.
 *
 * family is AF_INET or AF_INET6. With another family the calls fail with EAFNOSUPPORT.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_INET_H
#define CSOCKET_INET_H

#include <stddef.h>

#include "csocket/api.h"
#include "csocket/status.h"

CSOCK_BEGIN_DECLS

/** The size of a packed IPv4 address in bytes. */
#define CSOCK_INET_SIZE 4
/** The size of a packed IPv6 address in bytes. */
#define CSOCK_INET6_SIZE 16
/** The size of a buffer for the text of any address, with the final zero (INET6_ADDRSTRLEN). */
#define CSOCK_INET_TEXT_MAX 46

/** The size of the family's packed address in bytes, 4 or 16; or a failure. */
CSOCK_API int csock_inet_size(int family);

/**
 * Converts text to packed bytes (inet_pton(3)): 0, or a failure; CSOCK_REFUSED_SYNTAX if the text
 * is not an address.
 *
 * @param packed has room for csock_inet_size bytes; unchanged after a failure
 */
CSOCK_API int csock_inet_pton(int family, const char *text, unsigned char *packed)
	CSOCK_NONNULL(2, 3);

/** Converts packed bytes to text with a final zero (inet_ntop(3)): 0, or a failure. */
CSOCK_API int csock_inet_ntop(int family, const unsigned char *packed,
			      char text[CSOCK_INET_TEXT_MAX]) CSOCK_NONNULL(2, 3);

/**
 * Converts an IPv4 address in any form of inet_aton(3), such as "127.1", "0x7f.1" or "2130706433",
 * to packed bytes: 0, or CSOCK_REFUSED_SYNTAX.
 */
CSOCK_API int csock_inet_aton(const char *text, unsigned char packed[CSOCK_INET_SIZE])
	CSOCK_NONNULL(1, 2);

CSOCK_END_DECLS

#endif
