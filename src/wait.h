/*
 * The engine: tries a system call, and waits until it can be tried again.
 */
#ifndef CSI_WAIT_H
#define CSI_WAIT_H

#include <poll.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "csocket/socket.h"

#include "inflight.h"
#include "inlining.h"
#include "shared.h"

/*
 * Makes the system call once: its result, or a failure. dontwait is MSG_DONTWAIT if the call
 * must not block, or 0 if the kernel is to do the waiting.
 */
typedef ssize_t (*csi_attempt)(int fd, int dontwait, void *call);

/* Waits for events, and looks for them at least once: 0, or CSOCK_TIMEOUT, CSOCK_INTERRUPTED, or
 * the system's failure. */
int csi_wait(int fd, short events, int64_t deadline);

/* Threads may change the mode while others look at it. */
static inline bool csi_is_nonblocking(const struct csock_socket *sock)
{
	return CSI_LOAD(sock->nonblocking);
}

/* True if a call with this deadline leaves the waiting to the kernel. */
static inline bool csi_kernel_waits(const struct csock_socket *sock, int64_t deadline)
{
	return deadline == CSOCK_NEVER && !csi_is_nonblocking(sock);
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

/*
 * The prediction for receiving calls: how many of them in a row found nothing at first. So many
 * are believed; once in a period the belief is put to the test. Threads may lose an update.
 */
#define CSI_MISSES_BELIEVED 4
#define CSI_PREDICTION_PERIOD 16

/* Whether the last receiving call found nothing at first; or false, for the test. */
static inline bool csi_has_missed(const struct csock_socket *sock)
{
	return CSI_LOAD(sock->misses) % CSI_PREDICTION_PERIOD != 0;
}

static inline void csi_note_miss(struct csock_socket *sock)
{
	uint8_t misses = CSI_LOAD(sock->misses);

	misses = misses == UINT8_MAX ? CSI_PREDICTION_PERIOD : (uint8_t)(misses + 1);
	CSI_STORE(sock->misses, misses);
}

/* Learns from an attempt that did not wait. */
CSI_INLINE void csi_note_attempt(struct csock_socket *sock, short events, ssize_t result)
{
	if (events != POLLIN)
		return;
	if (result >= 0) {
		if (__builtin_expect(CSI_LOAD(sock->misses) != 0, 0))
			CSI_STORE(sock->misses, 0);
	} else if (csock_status_would_wait((int)result)) {
		csi_note_miss(sock);
	}
}

/* csi_perform for any deadline but CSOCK_NOW. */
CSI_APART CSI_UNGUARDED ssize_t csi_perform_waiting(struct csock_socket *sock, short events,
						    int64_t deadline, csi_attempt attempt,
						    void *call);

/* The same, but waits until the descriptor is ready before each attempt; CSOCK_NOW polls once. */
CSI_APART ssize_t csi_perform_when_ready(struct csock_socket *sock, short events, int64_t deadline,
					 csi_attempt attempt, void *call);

/*
 * Attempts until it no longer would block, or until the deadline; between attempts waits for
 * events. The one place where the library waits for a socket. Inline, so that a call with
 * CSOCK_NOW is little more than its system call.
 */
CSI_INLINE ssize_t csi_perform(struct csock_socket *sock, short events, int64_t deadline,
			       csi_attempt attempt, void *call)
{
	if (deadline != CSOCK_NOW)
		return csi_perform_waiting(sock, events, deadline, attempt, call);
	int fd = csi_enter(sock);
	if (fd < 0)
		return fd;
	ssize_t result = attempt(fd, MSG_DONTWAIT, call);
	csi_note_attempt(sock, events, result);
	csi_leave(sock);
	return result;
}

/*
 * csi_perform for system calls that have no MSG_DONTWAIT: the descriptor's mode decides whether
 * they wait, and another thread or process may change it meanwhile. So with a deadline, the call is
 * made only when the descriptor is ready.
 */
CSI_INLINE ssize_t csi_perform_by_mode(struct csock_socket *sock, short events, int64_t deadline,
				       csi_attempt attempt, void *call)
{
	if (deadline == CSOCK_NEVER || (deadline == CSOCK_NOW && csi_is_nonblocking(sock)))
		return csi_perform(sock, events, deadline, attempt, call);
	return csi_perform_when_ready(sock, events, deadline, attempt, call);
}

#endif
