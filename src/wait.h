/*
 * The engine: tries a system call, and waits until it can be tried again.
 */
#ifndef CSI_WAIT_H
#define CSI_WAIT_H

#include <poll.h>
#include <sys/types.h>

#include "csocket/socket.h"

#include "inflight.h"

/*
 * Makes the system call once: its result, or a failure. dontwait is MSG_DONTWAIT if the call
 * must not block, or 0 if the kernel is to do the waiting.
 */
typedef ssize_t (*csi_attempt)(int fd, int dontwait, void *call);

/*
 * Attempts until it no longer would block, or until the deadline; between attempts waits for
 * events. The one place where the library waits for a socket.
 */
ssize_t csi_perform(struct csock_socket *sock, short events, int64_t deadline, csi_attempt attempt,
		    void *call);

/* Waits for events, and looks for them at least once: 0, or CSOCK_TIMEOUT, CSOCK_INTERRUPTED, or
 * the system's failure. */
int csi_wait(int fd, short events, int64_t deadline);

/* Threads may change the mode while others look at it. */
static inline bool csi_is_nonblocking(const struct csock_socket *sock)
{
	return __atomic_load_n(&sock->nonblocking, __ATOMIC_RELAXED);
}

/* True if a call with this deadline leaves the waiting to the kernel. */
static inline bool csi_kernel_waits(const struct csock_socket *sock, int64_t deadline)
{
	return deadline == CSOCK_NEVER && !csi_is_nonblocking(sock);
}

/*
 * True if the deadline can only be kept in non-blocking mode, and the socket is not in it. A
 * closed socket is let through, to its EBADF.
 */
static inline bool csi_needs_nonblocking(const struct csock_socket *sock, int64_t deadline)
{
	return deadline != CSOCK_NEVER && !csi_is_nonblocking(sock) && !csi_is_closed(sock);
}

/*
 * True if trying would do harm: a socket in blocking mode with MSG_WAITALL wants all or
 * nothing, and a try could take a part.
 */
static inline bool csi_must_not_try(const struct csock_socket *sock, int flags, int64_t deadline)
{
	return deadline == CSOCK_NOW && (flags & MSG_WAITALL) != 0 && !csi_is_nonblocking(sock) &&
	       !csi_is_closed(sock);
}

#endif
