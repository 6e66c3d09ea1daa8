/**
 * Multicast: receiving what is sent to a group, and choosing where to send.
 *
 * Bind a datagram socket to the group's address and port, or to the wildcard address and the port,
 * and join the group. Several programs of this machine may do so with SO_REUSEADDR. Time to live
 * and loopback are plain options: csock_set_int with IP_MULTICAST_TTL, IP_MULTICAST_LOOP,
 * IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP.
 *
 * An interface is given by its index (csock_if_nametoindex). 0 lets the system choose.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_MULTICAST_H
#define CSOCKET_MULTICAST_H

#include "csocket/address.h"
#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/**
 * Receives what is sent to a group over an interface (MCAST_JOIN_GROUP, RFC 3678): 0, or a failure.
 * EADDRINUSE: it receives that already. Closing the socket leaves all groups.
 *
 * @param group an AF_INET or AF_INET6 address, else CSOCK_REFUSED_FAMILY; its port does not matter
 */
CSOCK_API int csock_join_group(struct csock_socket *sock, const struct csock_addr *group,
			       unsigned int index) CSOCK_NONNULL(1, 2);

/**
 * Ends what csock_join_group began (MCAST_LEAVE_GROUP): 0, or a failure. EADDRNOTAVAIL: the socket
 * has not joined the group on that interface.
 *
 * @param group as for csock_join_group
 */
CSOCK_API int csock_leave_group(struct csock_socket *sock, const struct csock_addr *group,
				unsigned int index) CSOCK_NONNULL(1, 2);

/**
 * Sends to groups over an interface (IP_MULTICAST_IF, IPV6_MULTICAST_IF): 0, or a failure;
 * CSOCK_REFUSED_FAMILY if the socket is not AF_INET or AF_INET6.
 */
CSOCK_API int csock_set_multicast_interface(struct csock_socket *sock, unsigned int index)
	CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
