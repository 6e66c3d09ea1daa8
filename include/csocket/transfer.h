/**
 * Sending and receiving bytes.
 *
 * size is in bytes, and flags are the system's MSG_* flags. Unless something else is said below, a
 * call returns the number of bytes sent or received, or a failure. csocket/socket.h describes
 * deadlines, signals and closing.
 *
 * MSG_DONTWAIT is the same as CSOCK_NOW. MSG_ERRQUEUE waits for the error queue; but with
 * CSOCK_NEVER on a socket in blocking mode it fails with EAGAIN at once, as in the kernel.
 *
 * Sending on a broken connection fails with EPIPE, and does not raise SIGPIPE (csock_set_sigpipe).
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_TRANSFER_H
#define CSOCKET_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/**
 * Receives at most size bytes (recv(2)). 0 means the end of the stream, or an empty datagram.
 *
 * With MSG_WAITALL on a stream it waits for all size bytes, and returns fewer if the stream ends,
 * the deadline passes, a signal comes or the call fails before. With CSOCK_NOW it returns those
 * that are there; on a socket in blocking mode it fails with CSOCK_WOULD_WAIT.
 */
CSOCK_API ssize_t csock_recv(struct csock_socket *sock, void *buffer, size_t size, int flags,
			     int64_t deadline) CSOCK_NONNULL(1);

/**
 * The same as csock_recv, and writes the sender's address (recvfrom(2)).
 *
 * @param from gets the address; its length is 0 if there is none
 */
CSOCK_API ssize_t csock_recvfrom(struct csock_socket *sock, void *buffer, size_t size, int flags,
				 struct csock_addr *from, int64_t deadline) CSOCK_NONNULL(1, 5);

/** Sends at most size bytes to the peer (send(2)). */
CSOCK_API ssize_t csock_send(struct csock_socket *sock, const void *data, size_t size, int flags,
			     int64_t deadline) CSOCK_NONNULL(1);

/**
 * The same as csock_send to an address (sendto(2)).
 *
 * @param to NULL for the peer
 */
CSOCK_API ssize_t csock_sendto(struct csock_socket *sock, const void *data, size_t size, int flags,
			       const struct csock_addr *to, int64_t deadline) CSOCK_NONNULL(1);

/**
 * Sends all size bytes: 0, or a failure. The deadline is for all of them. After CSOCK_INTERRUPTED,
 * CSOCK_TIMEOUT or EAGAIN, call again with this *sent to go on. It fails with CSOCK_REFUSED_SIZE if
 * *sent is more than size.
 *
 * @param sent counts the bytes sent; set it to 0 first. May be NULL, if the program gives up after
 * any failure
 */
CSOCK_API int csock_send_all(struct csock_socket *sock, const void *data, size_t size, int flags,
			     size_t *sent, int64_t deadline) CSOCK_NONNULL(1);

/**
 * Receives all size bytes of a stream: 0, or a failure. The deadline is for all of them. After
 * CSOCK_INTERRUPTED, CSOCK_TIMEOUT or EAGAIN, call again with this *received to go on. CSOCK_ENDED
 * tells that the stream ended before; buffer has *received bytes, which is 0 if it ended between
 * two messages.
 *
 * It fails with CSOCK_REFUSED_SIZE if *received is more than size, and with CSOCK_REFUSED_UNKNOWN
 * if flags contain MSG_PEEK or MSG_TRUNC, with which bytes do not add up. MSG_WAITALL adds nothing.
 * Not for datagrams: it would join them, and an empty one would look like the end.
 *
 * @param received counts the bytes received; set it to 0 first. May be NULL, if the program gives
 * up after any failure
 */
CSOCK_API int csock_recv_all(struct csock_socket *sock, void *buffer, size_t size, int flags,
			     size_t *received, int64_t deadline) CSOCK_NONNULL(1);

/**
 * Sends at most size bytes of a file, within the kernel (sendfile(2)): their number, 0 at the end
 * of the file, or a failure. Only in non-blocking mode (SOCK_NONBLOCK in csock_open or
 * csock_accept) it keeps its deadline: see csock_set_blocking.
 *
 * @param file a descriptor, whose own position does not change
 * @param offset the byte of the file to begin at; the number of bytes sent is added to it
 */
CSOCK_API ssize_t csock_send_file(struct csock_socket *sock, csock_handle file, int64_t *offset,
				  size_t size, int64_t deadline) CSOCK_NONNULL(1, 3);

/**
 * Sets whether sending on a broken connection raises SIGPIPE, for the whole process. Without this
 * call it does not. The program's action for the signal is not changed.
 */
CSOCK_API void csock_set_sigpipe(bool raises);

CSOCK_END_DECLS

#endif
