/*
 * The protocols that sockets can be opened for, and whether the running kernel has them.
 *
 * A family's row (csocket/address.h) says what its addresses look like; a protocol here says
 * how a socket of it is opened, and what a kernel must have for that.
 */
#ifndef CSOCKET_PROTOCOL_H
#define CSOCKET_PROTOCOL_H

#include <stddef.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/* Constant, and valid for the life of the program. */
struct csock_protocol {
	const char *family_name; /* "AF_CAN" */
	const char *name; /* "CAN_ISOTP"; the socket type where the family has one protocol */
	int family;
	int type;
	int protocol;
	const char *needs; /* "CONFIG_CAN_ISOTP, modprobe can-isotp"; "" for nothing special */
};

/* All that this build's system can have, family by family. */
CSOCK_API const struct csock_protocol *csock_protocol_table(size_t *count);

/*
 * Asks the kernel, by opening a socket: 1 if it has the protocol, 0 if not, or a failure that
 * leaves it open, such as CSOCK_SYSTEM with EPERM. The kernel may load a module for it.
 */
CSOCK_API int csock_protocol_probe(const struct csock_protocol *protocol);

CSOCK_END_DECLS

#endif
