/*
 * Calls in flight: counting after a fork, the list of waiters, opening and closing.
 */
#include "inflight.h"

#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "platform/platform.h"

#define GENERATION_SHIFT 32

/*
 * Closing repeats the signal, because a thread may get it just before its system call. It stops
 * after WAKE_LIMIT_NS, because a thread may block all signals. The limit is long, because on a busy
 * machine a thread may have to wait for a processor just before its system call.
 *
 * The intervals between signals grow, so that there are at most eight: real-time signals queue, and
 * stay pending for a thread that blocks them.
 */
#define WAKE_PAUSE_FIRST_NS 20000L
#define WAKE_PAUSE_LAST_NS 10000000L
#define WAKE_SIGNAL_GROWTH 4
#define WAKE_LIMIT_NS INT64_C(250000000)

/*
 * Guards giving a descriptor to a socket and taking it away, lists with more than one waiter,
 * reading a waiter of another thread, and renewing a count after fork.
 */
static pthread_mutex_t sockets_lock = PTHREAD_MUTEX_INITIALIZER;
uint64_t csi_fork_generation;

static void before_fork(void)
{
	pthread_mutex_lock(&sockets_lock);
}

static void after_fork_in_parent(void)
{
	pthread_mutex_unlock(&sockets_lock);
}

static void after_fork_in_child(void)
{
	csi_fork_generation += UINT64_C(1) << GENERATION_SHIFT;
	pthread_mutex_unlock(&sockets_lock);
}

/* Runs once, when the library is loaded. */
static __attribute__((constructor)) void set_fork_hooks(void)
{
	/* Fails only for lack of memory. Then a child of fork() also counts the parent's calls. */
	(void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* Counts only this call, after a fork: the other calls were those of the parent's threads. */
void csi_count_renew(struct csock_socket *sock)
{
	pthread_mutex_lock(&sockets_lock);
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);
	if (csi_use_is_current(use)) {
		__atomic_fetch_add(&sock->use, 1, __ATOMIC_SEQ_CST);
	} else {
		__atomic_store_n(&sock->waiters, NULL, __ATOMIC_SEQ_CST);
		__atomic_exchange_n(&sock->use, csi_fork_generation | (use & CSI_USE_DOOMED) | 1,
				    __ATOMIC_SEQ_CST);
	}
	pthread_mutex_unlock(&sockets_lock);
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
			/* Read it before leaving: after that the socket may be opened again. */
			doomed = CSI_LOAD(sock->doomed);
			rest &= ~CSI_USE_DOOMED;
		}
	} while (!__atomic_compare_exchange_n(&sock->use, &use, rest, true, __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
	/* The thread that closed the socket may have returned, so nobody would see a failure. */
	if (doomed >= 0)
		(void)close(doomed);
}

void csi_waiter_list(struct csock_socket *sock, struct csock_waiter *waiter)
{
	waiter->thread = pthread_self();
	waiter->next = NULL;
	/* Usually there is no other waiter. */
	if (__atomic_compare_exchange_n(&sock->waiters, &waiter->next, waiter, false,
					__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		return;
	pthread_mutex_lock(&sockets_lock);
	while (!__atomic_compare_exchange_n(&sock->waiters, &waiter->next, waiter, true,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		;
	pthread_mutex_unlock(&sockets_lock);
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

void csi_waiter_unlist(struct csock_socket *sock, struct csock_waiter *waiter)
{
	struct csock_waiter *first = waiter;
	bool is_last = !__atomic_load_n(&waiter->next, __ATOMIC_SEQ_CST);
	bool is_removed =
		is_last && __atomic_compare_exchange_n(&sock->waiters, &first, NULL, false,
						       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);

	/* The thread that closes the socket may be reading the waiter; it holds the lock then. */
	if (is_removed && !(__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED))
		return;
	pthread_mutex_lock(&sockets_lock);
	unlink_waiter(sock, waiter);
	pthread_mutex_unlock(&sockets_lock);
}

bool csi_is_closed(const struct csock_socket *sock)
{
	return __atomic_load_n(&sock->descriptor, __ATOMIC_SEQ_CST) == 0;
}

/* Takes the lock, unless the process has one thread. Returns whether it did. */
static bool lock_sockets(void)
{
	bool takes_it = !csi_is_alone();

	if (takes_it)
		pthread_mutex_lock(&sockets_lock);
	return takes_it;
}

static void unlock_sockets(bool was_taken)
{
	if (was_taken)
		pthread_mutex_unlock(&sockets_lock);
}

/* Set before the descriptor: a thread that sees the descriptor sees these fields too. */
static void set_identity(struct csock_socket *sock, const struct csi_identity *identity)
{
	CSI_STORE(sock->family, identity->family);
	CSI_STORE(sock->type, identity->type);
	CSI_STORE(sock->protocol, identity->protocol);
	CSI_STORE(sock->nonblocking, identity->nonblocking);
	CSI_STORE(sock->unbounded_calls, identity->unbounded_calls);
	CSI_STORE(sock->slow_close, identity->slow_close);
	CSI_STORE(sock->misses, 0);
	CSI_STORE(sock->cuts_segments, false);
	CSI_STORE(sock->connecting, false);
}

/*
 * After fork(): closes a descriptor that csi_close in the parent left to other threads, which this
 * process does not have. Call it with the lock held.
 */
CSI_COLD static void close_orphan(struct csock_socket *sock)
{
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);

	if (!(use & CSI_USE_DOOMED) || csi_use_is_current(use))
		return;
	(void)close(CSI_LOAD(sock->doomed));
	__atomic_store_n(&sock->waiters, NULL, __ATOMIC_SEQ_CST);
	__atomic_store_n(&sock->use, csi_fork_generation, __ATOMIC_SEQ_CST);
}

/* Whether calls on the socket's former descriptor are inside. Call it with the lock held. */
static bool is_doomed(struct csock_socket *sock)
{
	if (!(__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED))
		return false;
	close_orphan(sock);
	return (__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED) != 0;
}

/* Inlined at link time, which keeps the identity in registers. */
inline int csi_install(struct csock_socket *sock, int fd, const struct csi_identity *identity)
{
	int result = 0;
	bool locked = lock_sockets();
	if (!csi_is_closed(sock)) {
		result = csi_system(EEXIST);
	} else if (is_doomed(sock)) {
		result = csi_system(EBUSY);
	} else {
		set_identity(sock, identity);
		__atomic_store_n(&sock->descriptor, fd + 1, __ATOMIC_SEQ_CST);
	}
	unlock_sockets(locked);
	return result;
}

int csi_withdraw(struct csock_socket *sock)
{
	return __atomic_exchange_n(&sock->descriptor, 0, __ATOMIC_SEQ_CST) - 1;
}

/* Whether other calls than this one are inside. */
static bool is_shared(const struct csock_socket *sock)
{
	return (__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_COUNT) > 1;
}

/* Signals each thread that waits in a call on the socket; false if no signal can be sent. */
static bool signal_waiters(struct csock_socket *sock)
{
	int result = 0;

	pthread_mutex_lock(&sockets_lock);
	const struct csock_waiter *w = __atomic_load_n(&sock->waiters, __ATOMIC_SEQ_CST);
	for (; w && result == 0; w = w->next)
		result = csi_platform_interrupt(w->thread);
	pthread_mutex_unlock(&sockets_lock);
	return result == 0;
}

/* Wakes the threads that wait in a call on the socket, until all have left or the limit passes. */
static void wake_waiters(struct csock_socket *sock)
{
	struct timespec pause = {.tv_nsec = WAKE_PAUSE_FIRST_NS};
	int64_t now = csi_platform_clock(), limit = now + WAKE_LIMIT_NS;
	int64_t next_signal = now, gap = WAKE_PAUSE_FIRST_NS;

	for (; is_shared(sock) && now < limit; now = csi_platform_clock()) {
		if (now >= next_signal) {
			if (!signal_waiters(sock))
				return;
			next_signal = now + gap;
			gap *= WAKE_SIGNAL_GROWTH;
		}
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < WAKE_PAUSE_LAST_NS)
			pause.tv_nsec *= 2;
	}
}

/* If calls are inside, leaves the descriptor to them and enters; otherwise returns false. */
static bool leave_to_calls(struct csock_socket *sock, int fd)
{
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);

	CSI_STORE(sock->doomed, fd);
	do {
		if (!csi_use_is_current(use) || (use & CSI_USE_COUNT) == 0)
			return false;
	} while (!__atomic_compare_exchange_n(&sock->use, &use, (use | CSI_USE_DOOMED) + 1, true,
					      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return true;
}

int csi_close(struct csock_socket *sock)
{
	bool locked = lock_sockets();
	int fd = csi_withdraw(sock);
	bool is_left = fd >= 0 && leave_to_calls(sock, fd);
	if (fd < 0)
		close_orphan(sock);
	unlock_sockets(locked);
	if (!is_left)
		return fd < 0 ? 0 : csock_descriptor_close(fd);
	wake_waiters(sock);
	csi_leave(sock);
	return 0;
}
