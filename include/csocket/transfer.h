/*
 * Sending and receiving bytes.
 *
 * flags are the MSG_* of the system. Each call returns the number of bytes that it moved;
 * see csocket/socket.h for deadlines, signals and closing.
 */
#ifndef CSOCKET_TRANSFER_H
#define CSOCKET_TRANSFER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/* Receives at most size bytes; 0 means that the peer has ended, or an empty datagram. */
CSOCK_API ssize_t csock_recv(struct csock_socket *sock, void *buffer, size_t size, int flags,
			     int64_t deadline);

/* The same, and whom it is from: from->length is 0 where the system does not say. */
CSOCK_API ssize_t csock_recvfrom(struct csock_socket *sock, void *buffer, size_t size, int flags,
				 struct csock_addr *from, int64_t deadline);

/* Sends at most size bytes. */
CSOCK_API ssize_t csock_send(struct csock_socket *sock, const void *data, size_t size, int flags,
			     int64_t deadline);

/* The same to an address; NULL is the peer. */
CSOCK_API ssize_t csock_sendto(struct csock_socket *sock, const void *data, size_t size, int flags,
			       const struct csock_addr *to, int64_t deadline);

/*
 * Sends all of size bytes before one deadline: 0, or a failure. *sent is how many are sent;
 * begin with 0. After CSOCK_INTERRUPTED or CSOCK_TIMEOUT the same call goes on from *sent.
 */
CSOCK_API int csock_send_all(struct csock_socket *sock, const void *data, size_t size, int flags,
			     size_t *sent, int64_t deadline);

/*
 * Sends at most size bytes of a file from *offset on, without passing them through this
 * program, and moves *offset; 0 at the file's end. csock_set_blocking tells how it keeps deadlines.
 */
CSOCK_API ssize_t csock_send_file(struct csock_socket *sock, int file, int64_t *offset, size_t size,
				  int64_t deadline);

CSOCK_END_DECLS

#endif
