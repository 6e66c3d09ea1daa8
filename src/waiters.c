/*
 * The list of waiters, and waking them.
 */
#include "waiters.h"

#include "platform/platform.h"
#include "shared.h"
#include "sockets_lock.h"

/* So many waits of a thread on a socket follow one in which it was asked. */
#define VOUCHED_WAITS 15

void csi_waiter_begin(struct csock_waiter *waiter)
{
	waiter->is_listed = !csi_is_alone();
	waiter->thread = csi_this_thread();
	waiter->next = NULL;
	waiter->signal = 0;
	waiter->wake_fd[0] = waiter->wake_fd[1] = CSOCK_NO_HANDLE;
}

void csi_waiter_disarm(struct csock_waiter *waiter)
{
	if (waiter->wake_fd[0] != CSOCK_NO_HANDLE)
		csi_platform_wake_close(waiter->wake_fd);
}

void csi_waiter_share(struct csock_waiter *waiter, const struct csock_waiter *armed)
{
	if (!waiter->is_listed)
		return;
	__atomic_store_n(&waiter->signal, armed->signal, __ATOMIC_SEQ_CST);
	__atomic_store_n(&waiter->wake_fd[1], armed->wake_fd[1], __ATOMIC_SEQ_CST);
}

void csi_waiter_list(struct csock_socket *sock, struct csock_waiter *waiter)
{
	csi_waiter_begin(waiter);
	/* Usually there is no other waiter. */
	if (__atomic_compare_exchange_n(&sock->waiters, &waiter->next, waiter, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return;
	csi_mutex_lock(&csi_sockets_lock);
	while (!__atomic_compare_exchange_n(&sock->waiters, &waiter->next, waiter, true,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	csi_mutex_unlock(&csi_sockets_lock);
}

/*
 * Call it with the lock held. Then no other waiter leaves the list: without the lock, a waiter
 * leaves only if it is alone in the list.
 */
static void unlink_waiter(struct csock_socket *sock, const struct csock_waiter *waiter)
{
	struct csock_waiter **link = &sock->waiters, *at;

	while ((at = __atomic_load_n(link, __ATOMIC_SEQ_CST)) && at != waiter)
		link = &at->next;
	if (at)
		__atomic_store_n(link, at->next, __ATOMIC_SEQ_CST);
}

static void leave_list(struct csock_socket *sock, struct csock_waiter *waiter)
{
	struct csock_waiter *first = waiter;
	bool is_last = !__atomic_load_n(&waiter->next, __ATOMIC_SEQ_CST);
	bool is_removed =
		is_last && __atomic_compare_exchange_n(&sock->waiters, &first, NULL, false,
						       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);

	/* The thread that closes the socket may be reading the waiter; it holds the lock then. */
	if (is_removed && !(__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED))
		return;
	csi_mutex_lock(&csi_sockets_lock);
	unlink_waiter(sock, waiter);
	csi_mutex_unlock(&csi_sockets_lock);
}

void csi_waiter_unlist(struct csock_socket *sock, struct csock_waiter *waiter)
{
	leave_list(sock, waiter);
	csi_waiter_disarm(waiter);
}

/*
 * The signal that can end a call of this thread, or 0. Asking takes two system calls, so a thread
 * that waits on the same socket again is believed a few times.
 */
static int signal_for(struct csock_socket *sock, const struct csock_waiter *waiter)
{
	const void *thread = (const void *)(uintptr_t)waiter->thread;
	uint8_t left = sock ? CSI_LOAD(sock->vouched_waits) : 0;

	if (left > 0 && CSI_LOAD(sock->vouched_thread) == thread) {
		CSI_STORE(sock->vouched_waits, (uint8_t)(left - 1));
		return csi_platform_chosen_signal();
	}
	int number = csi_platform_wake_signal();
	if (number > 0 && sock) {
		CSI_STORE(sock->vouched_thread, thread);
		CSI_STORE(sock->vouched_waits, VOUCHED_WAITS);
	}
	return number;
}

bool csi_waiter_choose(struct csock_socket *sock, struct csock_waiter *waiter,
		       bool needs_descriptor)
{
	csock_handle fds[2];

	if (waiter->signal != 0)
		return true;
	if (waiter->wake_fd[0] != CSOCK_NO_HANDLE)
		return false;
	int number = needs_descriptor ? 0 : signal_for(sock, waiter);
	if (number > 0) {
		__atomic_store_n(&waiter->signal, number, __ATOMIC_SEQ_CST);
		return true;
	}
	/* Without a descriptor (EMFILE), csi_wait looks now and then whether the socket is closed.
	 */
	if (csi_platform_wake_open(fds) == 0) {
		waiter->wake_fd[0] = fds[0];
		__atomic_store_n(&waiter->wake_fd[1], fds[1], __ATOMIC_SEQ_CST);
	}
	return false;
}

/* A waiter that is not armed yet sees by itself that the socket is closed. */
static bool wake(const struct csock_waiter *waiter, csock_handle doomed)
{
	csock_handle fd = __atomic_load_n(&waiter->wake_fd[1], __ATOMIC_SEQ_CST);
	int number = __atomic_load_n(&waiter->signal, __ATOMIC_SEQ_CST);

	if (fd != CSOCK_NO_HANDLE)
		return csi_platform_wake(fd) == 0;
	return number == 0 || csi_platform_interrupt(waiter->thread, doomed, number) == 0;
}

bool csi_waiters_wake(struct csock_socket *sock)
{
	bool result = true;

	csi_mutex_lock(&csi_sockets_lock);
	/* Unless the socket is doomed, its waiters leave the list without the lock. */
	bool is_doomed = (__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED) != 0;
	const struct csock_waiter *at =
		is_doomed ? __atomic_load_n(&sock->waiters, __ATOMIC_SEQ_CST) : NULL;
	for (; at; at = at->next)
		result = wake(at, CSI_LOAD(sock->doomed)) && result;
	csi_mutex_unlock(&csi_sockets_lock);
	return result;
}

int csock_wake_signal(int number)
{
	bool locked = csi_lock_sockets();
	int result = csi_platform_choose_signal(number);

	csi_unlock_sockets(locked);
	return result;
}
