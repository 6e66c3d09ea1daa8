/*
 * IP addresses as text and as packed bytes in network order.
 */
#ifndef CSOCKET_INET_H
#define CSOCKET_INET_H

#include <stddef.h>

#include "csocket/api.h"
#include "csocket/status.h"

CSOCK_BEGIN_DECLS

#define CSOCK_INET_SIZE 4
#define CSOCK_INET6_SIZE 16
/* Room for the text of either, with the final zero. */
#define CSOCK_INET_TEXT_MAX 46

/* The bytes of an address of the family, 4 or 16; EAFNOSUPPORT for another family. */
CSOCK_API int csock_inet_size(int family);

/* Text to bytes: 0, or CSOCK_REFUSED_SYNTAX, or EAFNOSUPPORT for another family. */
CSOCK_API int csock_inet_pton(int family, const char *text, unsigned char *packed);

/* Bytes to text. */
CSOCK_API int csock_inet_ntop(int family, const unsigned char *packed,
			      char text[CSOCK_INET_TEXT_MAX]);

/* IPv4 with the older forms that inet(3) allows: "127.1", "0x7f.1", "2130706433". */
CSOCK_API int csock_inet_aton(const char *text, unsigned char packed[CSOCK_INET_SIZE]);

CSOCK_END_DECLS

#endif
