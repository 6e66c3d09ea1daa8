/*
 * The engine: tries a system call, and waits until it can be tried again.
 */
#ifndef CSI_WAIT_H
#define CSI_WAIT_H

#include "csocket/socket.h"

#include "inflight.h"
#include "platform/calls.h"
#include "platform/compiler.h"
#include "platform/names.h"
#include "shared.h"
#include "waiters.h"

/*
 * Makes the system call once: its result, or a failure. dontwait is MSG_DONTWAIT if the call
 * must not block, or 0 if the kernel is to do the waiting.
 */
typedef ssize_t (*csi_attempt)(csock_handle fd, int dontwait, void *call);

/*
 * Waits for events, and polls at least once: 0, CSOCK_TIMEOUT, CSOCK_INTERRUPTED or a failure of
 * poll(). Only here does the library wait for a socket, unless the kernel waits in the call itself.
 *
 * waiter is this call's, armed (csi_waiter_arm), or NULL with CSOCK_NOW. If closing woke it, the
 * result is 0 too, and now and then if nothing can wake it. With CSOCK_NO_HANDLE it only waits.
 */
int csi_wait(csock_handle fd, const struct csock_waiter *waiter, short events, int64_t deadline);

/* The same for several descriptors, one of which may be the waiter's own. */
int csi_wait_for_any(struct pollfd *entries, unsigned int count, const struct csock_waiter *waiter,
		     int64_t deadline);

/*
 * Slows a loop whose calls would block although poll(2) reports events, as on some sockets: pauses
 * longer each time. Begin with *pause 0. Returns 0, or a failure of csi_wait.
 */
int csi_pause(int64_t *pause, const struct csock_waiter *waiter, int64_t deadline);

/*
 * How long the kernel would wait in a call for events, in nanoseconds (SO_RCVTIMEO, SO_SNDTIMEO): a
 * deadline.
 */
int64_t csi_kernel_deadline(csock_handle fd, short events);

/* Atomic, because threads may change the mode while others read it. */
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
 * True if a call must not try: in blocking mode MSG_WAITALL asks for all bytes, and a try could
 * receive a part of them.
 */
static inline bool csi_must_not_try(const struct csock_socket *sock, int flags)
{
	return (flags & (MSG_WAITALL | MSG_DONTWAIT)) == MSG_WAITALL && !csi_is_nonblocking(sock) &&
	       !csi_is_closed(sock);
}

/*
 * sock->misses counts the receiving calls in a row whose first attempt found nothing. After one
 * miss, a call with a deadline polls before it tries. After CSI_MISSES_BELIEVED misses,
 * csock_expects_to_wait says that a try would fail. One call in each period tries nevertheless.
 * Threads may lose an update of the count.
 */
#define CSI_MISSES_BELIEVED 4
#define CSI_PREDICTION_PERIOD 16

/* Whether the last receiving call found nothing at first; false for the call that tries again. */
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
	} else if (csock_status_would_wait(result)) {
		csi_note_miss(sock);
	}
}

/* csi_perform for any deadline but CSOCK_NOW. */
CSI_APART CSI_UNGUARDED ssize_t csi_perform_waiting(struct csock_socket *sock, short events,
						    int64_t deadline, csi_attempt attempt,
						    void *call);

/* The same, but polls before each attempt; with CSOCK_NOW it polls once. */
CSI_APART ssize_t csi_perform_when_ready(struct csock_socket *sock, short events, int64_t deadline,
					 csi_attempt attempt, void *call);

/* Makes an attempt that does not wait, whatever the mode of the socket. */
CSI_INLINE ssize_t csi_attempt_now(const struct csock_socket *sock, csock_handle fd,
				   csi_attempt attempt, void *call)
{
	bool in_its_mode = !CSI_TRIES_CHANGE_MODE || csi_is_nonblocking(sock);

	if (!in_its_mode)
		csi_platform_try_begin(fd);
	ssize_t result = attempt(fd, MSG_DONTWAIT, call);
	if (!in_its_mode)
		csi_platform_try_end(fd, csi_is_nonblocking(sock));
	return result;
}

/* Makes one attempt. It is inline, so that it is little more than its system call. */
CSI_INLINE ssize_t csi_try(struct csock_socket *sock, short events, csi_attempt attempt, void *call)
{
	csock_handle fd;
	ssize_t result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	CSI_CLEANUP_PUSH(csi_leave_cancelled, sock);
	result = csi_attempt_now(sock, fd, attempt, call);
	csi_note_attempt(sock, events, result);
	CSI_CLEANUP_POP(true);
	return result;
}

/*
 * Repeats the attempt until it does not block or the deadline passes, and waits for events in
 * between.
 */
CSI_INLINE ssize_t csi_perform(struct csock_socket *sock, short events, int64_t deadline,
			       csi_attempt attempt, void *call)
{
	return deadline == CSOCK_NOW ? csi_try(sock, events, attempt, call)
				     : csi_perform_waiting(sock, events, deadline, attempt, call);
}

/* csi_perform for a call that sends with flags. MSG_DONTWAIT is the same as CSOCK_NOW. */
CSI_INLINE ssize_t csi_send(struct csock_socket *sock, int flags, int64_t deadline,
			    csi_attempt attempt, void *call)
{
	if (deadline != CSOCK_NOW && !(flags & MSG_DONTWAIT))
		return csi_perform_waiting(sock, POLLOUT, deadline, attempt, call);
	return csi_try(sock, POLLOUT, attempt, call);
}

/*
 * The same for receiving. What is in the error queue is no POLLIN, and there may be data that is
 * not asked for.
 */
CSI_INLINE ssize_t csi_receive(struct csock_socket *sock, int flags, int64_t deadline,
			       csi_attempt attempt, void *call)
{
	if (deadline != CSOCK_NOW && !(flags & MSG_DONTWAIT))
		return csi_perform_waiting(sock, flags & MSG_ERRQUEUE ? POLLERR : POLLIN, deadline,
					   attempt, call);
	if (csi_must_not_try(sock, flags))
		return csock_status_make(CSOCK_WOULD_WAIT, 0);
	return csi_try(sock, POLLIN, attempt, call);
}

/*
 * csi_perform for system calls without MSG_DONTWAIT. The descriptor's mode decides whether they
 * wait, and another thread or process may change it. So with a deadline the call is made only when
 * the descriptor is ready.
 */
CSI_INLINE ssize_t csi_perform_by_mode(struct csock_socket *sock, short events, int64_t deadline,
				       csi_attempt attempt, void *call)
{
	if (deadline == CSOCK_NEVER || (deadline == CSOCK_NOW && csi_is_nonblocking(sock)))
		return csi_perform(sock, events, deadline, attempt, call);
	return csi_perform_when_ready(sock, events, deadline, attempt, call);
}

#endif
