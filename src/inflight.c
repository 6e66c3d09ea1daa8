/*
 * Calls in flight: fork, and closing.
 */
#include "inflight.h"

#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "platform/platform.h"

#define GENERATION_SHIFT 32

/*
 * Waking is repeated, since a thread may get the wake-up just before its system call. It has an
 * end, since a thread may block all signals; but a late one, since on a busy machine a thread
 * may have to wait for its processor just there.
 */
#define WAKE_PAUSE_FIRST_NS 20000L
#define WAKE_PAUSE_LAST_NS 10000000L
#define WAKE_LIMIT_NS INT64_C(250000000)

static pthread_once_t fork_hooks_once = PTHREAD_ONCE_INIT;
/* Guards lists of several waiters, looking at any waiter, and renewing a count after fork. */
static pthread_mutex_t waiters_lock = PTHREAD_MUTEX_INITIALIZER;
uint64_t csi_fork_generation;

static void before_fork(void)
{
	pthread_mutex_lock(&waiters_lock);
}

static void after_fork_in_parent(void)
{
	pthread_mutex_unlock(&waiters_lock);
}

static void after_fork_in_child(void)
{
	csi_fork_generation += UINT64_C(1) << GENERATION_SHIFT;
	pthread_mutex_unlock(&waiters_lock);
}

static void set_fork_hooks(void)
{
	/* Fails for want of memory alone; then a child of fork closes late, no more. */
	(void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* Counts this call alone, after a fork: the threads that were inside are not in this process. */
void csi_count_renew(struct csock_socket *sock)
{
	pthread_mutex_lock(&waiters_lock);
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);
	if (csi_use_is_current(use)) {
		__atomic_fetch_add(&sock->use, 1, __ATOMIC_SEQ_CST);
	} else {
		__atomic_store_n(&sock->waiters, NULL, __ATOMIC_SEQ_CST);
		__atomic_exchange_n(&sock->use, csi_fork_generation | (use & CSI_USE_DOOMED) | 1,
				    __ATOMIC_SEQ_CST);
	}
	pthread_mutex_unlock(&waiters_lock);
}

int csi_enter_closed(struct csock_socket *sock)
{
	csi_leave(sock);
	return csi_system(EBADF);
}

void csi_leave_slowly(struct csock_socket *sock)
{
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST), rest;
	int doomed;

	do {
		doomed = -1;
		rest = use - 1;
		if ((rest & (CSI_USE_COUNT | CSI_USE_DOOMED)) == CSI_USE_DOOMED) {
			/* Read before leaving: from then on the socket may live again. */
			doomed = sock->doomed;
			rest &= ~CSI_USE_DOOMED;
		}
	} while (!__atomic_compare_exchange_n(&sock->use, &use, rest, true, __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
	/* Who closed the socket may have returned: there is nobody to tell of a failure. */
	if (doomed >= 0)
		(void)close(doomed);
}

void csi_waiter_list(struct csock_socket *sock, struct csock_waiter *waiter)
{
	waiter->thread = pthread_self();
	waiter->next = NULL;
	/* Mostly there is no other one. */
	if (__atomic_compare_exchange_n(&sock->waiters, &waiter->next, waiter, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return;
	pthread_mutex_lock(&waiters_lock);
	while (!__atomic_compare_exchange_n(&sock->waiters, &waiter->next, waiter, true,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	pthread_mutex_unlock(&waiters_lock);
}

/* With the lock held. Those before a waiter stay in the list, for they are not the last of it. */
static void unlink_waiter(struct csock_socket *sock, const struct csock_waiter *waiter)
{
	struct csock_waiter **link = &sock->waiters, *at;

	while ((at = __atomic_load_n(link, __ATOMIC_SEQ_CST)) && at != waiter)
		link = &at->next;
	if (at)
		__atomic_store_n(link, at->next, __ATOMIC_SEQ_CST);
}

void csi_waiter_unlist(struct csock_socket *sock, struct csock_waiter *waiter)
{
	struct csock_waiter *first = waiter;
	bool is_last = !__atomic_load_n(&waiter->next, __ATOMIC_SEQ_CST);
	bool is_removed =
		is_last && __atomic_compare_exchange_n(&sock->waiters, &first, NULL, false,
						       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);

	/* Who closes the socket may be looking at the waiter, and has the lock meanwhile. */
	if (is_removed && !(__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED))
		return;
	pthread_mutex_lock(&waiters_lock);
	unlink_waiter(sock, waiter);
	pthread_mutex_unlock(&waiters_lock);
}

bool csi_is_closed(const struct csock_socket *sock)
{
	return __atomic_load_n(&sock->fd, __ATOMIC_SEQ_CST) < 0;
}

int csi_install(struct csock_socket *sock, int fd)
{
	pthread_once(&fork_hooks_once, set_fork_hooks);
	if (__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED)
		return csi_system(EBUSY);
	__atomic_store_n(&sock->fd, fd, __ATOMIC_SEQ_CST);
	return 0;
}

int csi_withdraw(struct csock_socket *sock)
{
	return __atomic_exchange_n(&sock->fd, -1, __ATOMIC_SEQ_CST);
}

/* Whether calls are inside beside this one. */
static bool is_shared(const struct csock_socket *sock)
{
	return (__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_COUNT) > 1;
}

/* Wakes whoever waits in a call on the socket, until they have left; for a short while only. */
static void wake_waiters(struct csock_socket *sock)
{
	struct timespec pause = {.tv_nsec = WAKE_PAUSE_FIRST_NS};
	int64_t limit = csi_platform_clock() + WAKE_LIMIT_NS;

	while (is_shared(sock) && csi_platform_clock() < limit) {
		pthread_mutex_lock(&waiters_lock);
		const struct csock_waiter *w = __atomic_load_n(&sock->waiters, __ATOMIC_SEQ_CST);
		for (; w; w = w->next)
			(void)csi_platform_interrupt(w->thread);
		pthread_mutex_unlock(&waiters_lock);
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < WAKE_PAUSE_LAST_NS)
			pause.tv_nsec *= 2;
	}
}

int csi_retire(struct csock_socket *sock, int fd)
{
	/* Counted among the calls inside, so that none of them is the last before DOOMED is set. */
	csi_count_in(sock);
	if (is_shared(sock)) {
		sock->doomed = fd;
		__atomic_fetch_or(&sock->use, CSI_USE_DOOMED, __ATOMIC_SEQ_CST);
		wake_waiters(sock);
		csi_leave(sock);
		return 0;
	}
	csi_leave(sock);
	return csock_descriptor_close(fd);
}
