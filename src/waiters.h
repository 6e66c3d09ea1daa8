/*
 * Waiters: the calls that wait on a socket, and what wakes them when it is closed.
 *
 * A signal can end any system call. So a call that a signal can wake may wait in the kernel, in the
 * call itself. A thread that blocks the signal, and every thread if the program uses the signal
 * itself, waits in poll(2) instead, for the socket and for a descriptor that wakes the thread.
 */
#ifndef CSI_WAITERS_H
#define CSI_WAITERS_H

#include <stdbool.h>

#include "csocket/socket.h"

#include "inflight.h"
#include "platform/compiler.h"
#include "platform/names.h"

struct csock_waiter {
	bool is_listed; /* false if the process has no other thread that could wake this one */
	/* What follows is valid if it is listed. */
	csi_thread thread;
	struct csock_waiter *next;
	int signal; /* wakes the thread, and 0 if none does */
	/* They wake the thread (csi_platform_wake_open), or are CSOCK_NO_HANDLE. */
	csock_handle wake_fd[2];
};

/* Makes a waiter that is in no list, and takes back what it was armed with. */
void csi_waiter_begin(struct csock_waiter *waiter);
void csi_waiter_disarm(struct csock_waiter *waiter);

/* csi_waiter_add and csi_waiter_remove in a process with other threads. */
CSI_APART void csi_waiter_list(struct csock_socket *sock, struct csock_waiter *waiter);
CSI_APART void csi_waiter_unlist(struct csock_socket *sock, struct csock_waiter *waiter);

/* csi_waiter_arm for a listed waiter. */
CSI_APART bool csi_waiter_choose(struct csock_socket *sock, struct csock_waiter *waiter,
				 bool needs_descriptor);

/* Registers this thread as a waiter. */
CSI_INLINE void csi_waiter_add(struct csock_socket *sock, struct csock_waiter *waiter)
{
	waiter->is_listed = !csi_is_alone();
	if (waiter->is_listed)
		csi_waiter_list(sock, waiter);
}

/* Removes it again. */
CSI_INLINE void csi_waiter_remove(struct csock_socket *sock, struct csock_waiter *waiter)
{
	if (waiter->is_listed)
		csi_waiter_unlist(sock, waiter);
}

/* A call that waits on a socket, between csi_enter and csi_leave. */
struct csi_visit {
	struct csock_socket *sock;
	struct csock_waiter waiter;
};

/* Ends a visit, as CSI_CLEANUP_PUSH wants it. */
CSI_INLINE void csi_visit_end(void *arg)
{
	struct csi_visit *visit = arg;

	csi_waiter_remove(visit->sock, &visit->waiter);
	csi_leave(visit->sock);
}

/*
 * Finds out what can wake this thread. Call it before the first wait, and then see whether the
 * socket is closed. True if the thread may wait in any system call. sock may be NULL.
 */
static inline bool csi_waiter_arm(struct csock_socket *sock, struct csock_waiter *waiter)
{
	return !waiter->is_listed || csi_waiter_choose(sock, waiter, false);
}

/* The same for a thread that waits only in csi_wait. */
static inline void csi_waiter_arm_to_poll(struct csock_socket *sock, struct csock_waiter *waiter)
{
	if (waiter->is_listed)
		(void)csi_waiter_choose(sock, waiter, !CSI_SIGNAL_ENDS_POLL);
}

/* Lets the waiter be woken by what was armed for the other one, which must be disarmed last. */
void csi_waiter_share(struct csock_waiter *waiter, const struct csock_waiter *armed);

/*
 * Wakes the calls that wait on a closed socket. Returns false if that is not possible for one of
 * them.
 */
bool csi_waiters_wake(struct csock_socket *sock);

#endif
