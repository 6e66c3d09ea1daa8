/*
 * Batches: many datagrams in one system call.
 *
 * A batch of messages (csock_sendmmsg, csock_recvmmsg) has an address and ancillary data for each
 * datagram. Segments (csock_send_segments, csock_recv_segments) are one run of bytes for one
 * address, which the kernel cuts into datagrams of one size: it goes its way through the kernel
 * once, where each message of a batch goes by itself.
 *
 * Batches are for sockets that keep messages apart: one of SOCK_STREAM gets CSOCK_SYSTEM with
 * EOPNOTSUPP. The library allocates nothing, and keeps no pointer beyond the call.
 */
#ifndef CSOCKET_BATCH_H
#define CSOCKET_BATCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "csocket/api.h"
#include "csocket/message.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/* One message to send: what csock_sendmsg takes. */
struct csock_outgoing {
	const struct csock_buffer *buffers;
	size_t count;
	const void *control; /* NULL for none */
	size_t control_size;
	const struct csock_addr *to; /* NULL for a connected socket */
};

/* Room for one message, and what came. buffers and count stay as they are. */
struct csock_incoming {
	const struct csock_buffer *buffers;
	size_t count;
	size_t length; /* as csock_recvmsg returns it */
	/* control and control_size are set before; see csocket/message.h. */
	struct csock_received received;
};

/*
 * Sends the messages in their order: how many are sent, or a failure if none is. They are fewer
 * than count only where a failure, a signal or the deadline came between (with CSOCK_NOW, where the
 * next one would have to wait). What it was shows when the rest is sent. flags are for each.
 */
CSOCK_API ssize_t csock_sendmmsg(struct csock_socket *sock, const struct csock_outgoing *messages,
				 size_t count, int flags, int64_t deadline);

/*
 * Waits for one message, and takes with it what else is there, in one system call for every 64:
 * how many of count are filled in, or a failure if none is. It does not wait for more than one.
 * A failure after the first 64, other than that nothing is there, is lost.
 * Of a socket whose other end is done every message is empty.
 */
CSOCK_API ssize_t csock_recvmmsg(struct csock_socket *sock, struct csock_incoming *messages,
				 size_t count, int flags, int64_t deadline);

/*
 * Sends size bytes as datagrams of segment_size bytes, the last of which may be shorter, to an
 * address or (NULL) the peer: how many bytes are sent, always whole datagrams, or a failure if none
 * is. The rules are those of csock_sendmmsg. Nothing is sent of 0 bytes, not even an empty
 * datagram.
 *
 * On a UDP socket the kernel does the cutting (UDP_SEGMENT), as many datagrams a call as it can.
 * Where it has no such thing, or the route does not allow it (a datagram that has to be fragmented,
 * IPsec, a socket without checksums), and on other sockets, they are sent as a batch.
 * CSOCK_REFUSED_RANGE for a segment_size of 0.
 */
CSOCK_API ssize_t csock_send_segments(struct csock_socket *sock, const void *data, size_t size,
				      size_t segment_size, int flags, const struct csock_addr *to,
				      int64_t deadline);

/*
 * Receives datagrams of one sender that arrived together, as one run of bytes: its length, as
 * csock_recvmsg returns it. *segment_size is the length of each datagram but the last, which may
 * be shorter. It is one datagram, and its own length, unless UDP_GRO is set on the socket.
 *
 * A run has at most 65535 bytes. What the buffer has no room for is lost.
 */
CSOCK_API ssize_t csock_recv_segments(struct csock_socket *sock, void *buffer, size_t size,
				      int flags, size_t *segment_size, struct csock_addr *from,
				      int64_t deadline);

CSOCK_END_DECLS

#endif
