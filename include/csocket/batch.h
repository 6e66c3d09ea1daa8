/**
 * Batches: many datagrams in one system call.
 *
 * A batch of messages (csock_sendmmsg, csock_recvmmsg) has an address and ancillary data for each
 * datagram. Segments (csock_send_segments, csock_recv_segments) are one run of bytes for one
 * address. The kernel splits the run into datagrams of one size. The run passes through the network
 * stack once, while each message of a batch passes by itself.
 *
 * @code
 * struct csock_buffer parts[2] = {{first, sizeof first}, {second, sizeof second}};
 * struct csock_outgoing messages[2] = {{.buffers = &parts[0], .count = 1},
 *                                      {.buffers = &parts[1], .count = 1}};
 *
 * n = csock_sendmmsg(&connected, messages, 2, 0, deadline);
 * @endcode
 *
 * On a SOCK_STREAM socket all but csock_recv_segments fail with EOPNOTSUPP. The library allocates
 * no memory, and keeps no pointer after the call.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_BATCH_H
#define CSOCKET_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/message.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/** One message to send: the arguments of csock_sendmsg. */
struct csock_outgoing {
	const struct csock_buffer *buffers; /**< may be NULL if count is 0 */
	size_t count;                       /**< how many buffers */
	const void *control;                /**< NULL for none */
	size_t control_size;                /**< in bytes */
	const struct csock_addr *to;        /**< NULL for a connected socket */
};

/** Buffers for one message, and what was received. The call leaves buffers and count unchanged. */
struct csock_incoming {
	const struct csock_buffer *buffers; /**< may be NULL if count is 0 */
	size_t count;                       /**< how many buffers */
	size_t length;                      /**< as csock_recvmsg returns it */
	/** Set its control and control_size before the call; see csocket/message.h. */
	struct csock_received received;
};

/**
 * Sends the messages in order (sendmmsg(2)): the number sent, or a failure if none was sent. The
 * number is less than count only if a failure, a signal or the deadline stopped the call (with
 * CSOCK_NOW, if the next message would have to wait). Send the rest to see the cause.
 *
 * @param messages may be NULL if count is 0
 * @param flags MSG_*, for each message
 */
CSOCK_API ssize_t csock_sendmmsg(struct csock_socket *sock, const struct csock_outgoing *messages,
				 size_t count, int flags, int64_t deadline) CSOCK_NONNULL(1);

/**
 * Waits for one message, and also receives those that are already there, 64 in a system call
 * (recvmmsg(2)): the number of messages received, or a failure if there is none. The failure of a
 * system call after the first is lost. At the end of a connection every message is empty.
 *
 * @param messages their first ones get what was received; may be NULL if count is 0
 */
CSOCK_API ssize_t csock_recvmmsg(struct csock_socket *sock, struct csock_incoming *messages,
				 size_t count, int flags, int64_t deadline) CSOCK_NONNULL(1);

/**
 * Sends size bytes as datagrams of segment_size bytes (the last may be shorter) to an address, or
 * to the peer: the number of bytes sent, always whole datagrams, or a failure if none was sent. It
 * follows the rules of csock_sendmmsg. If size is 0 it sends nothing, not even an empty datagram. A
 * segment_size of 0 is CSOCK_REFUSED_RANGE.
 *
 * On a UDP socket the kernel splits the run (UDP_SEGMENT, udp(7)). On other sockets, or if the
 * kernel or the route cannot split it (datagrams larger than the MTU, IPsec, a socket without
 * checksums), the datagrams are sent as a batch.
 *
 * @param data may be NULL if size is 0
 * @param to NULL for a connected socket
 */
CSOCK_API ssize_t csock_send_segments(struct csock_socket *sock, const void *data, size_t size,
				      size_t segment_size, int flags, const struct csock_addr *to,
				      int64_t deadline) CSOCK_NONNULL(1);

/**
 * Receives datagrams of one sender that arrived together, as one run of bytes (recvmsg(2)): the
 * length of the run in bytes, or a failure. Unless UDP_GRO (udp(7)) is set on the socket, a run is
 * a single datagram.
 *
 * A run has at most 65535 bytes. Bytes that do not fit the buffer are lost.
 *
 * @param segment_size gets the length of each datagram in bytes, 0 for an empty one; only the last
 * may be shorter
 * @param from gets the sender's address
 */
CSOCK_API ssize_t csock_recv_segments(struct csock_socket *sock, void *buffer, size_t size,
				      int flags, size_t *segment_size, struct csock_addr *from,
				      int64_t deadline) CSOCK_NONNULL(1, 5, 6);

CSOCK_END_DECLS

#endif
