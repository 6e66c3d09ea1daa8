/**
 * The protocols of the system, and whether the running kernel supports them.
 *
 * A family's row (csocket/address.h) describes the form of its addresses. A protocol here describes
 * how to open a socket, and what the kernel needs for it.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_PROTOCOL_H
#define CSOCKET_PROTOCOL_H

#include <stddef.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/** How to open a socket for a protocol. Constant, and valid until the program ends. */
struct csock_protocol {
	const char *family_name; /**< "AF_CAN" */
	const char *name;        /**< "CAN_ISOTP"; the socket type if the family has one protocol */
	int family;              /**< the arguments for csock_open */
	int type;                /**< SOCK_* */
	int protocol;            /**< of the family */
	const char *needs; /**< "CONFIG_CAN_ISOTP, modprobe can-isotp"; "" if nothing special */
};

/**
 * The protocol at an index, from 0 on, or NULL if there are not so many: all protocols that this
 * operating system can support, by family.
 */
CSOCK_API const struct csock_protocol *csock_protocol_at(size_t index);

/**
 * Asks the kernel by opening and closing a socket (socket(2)): 1 if it supports the protocol, 0 if
 * not. A failure, such as EPERM, does not tell. The kernel may load a module for the protocol.
 *
 * @param protocol may be the caller's own; its family, type and protocol are read
 */
CSOCK_API int csock_protocol_probe(const struct csock_protocol *protocol) CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
