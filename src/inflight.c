/*
 * Calls in flight: counting after a fork, opening and closing.
 */
#include "inflight.h"

#include "failure.h"
#include "lookup.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "sockets_lock.h"

#define GENERATION_SHIFT 32

csi_mutex csi_sockets_lock = CSI_MUTEX_INIT;
uint64_t csi_fork_generation;

static void before_fork(void)
{
	csi_mutex_lock(&csi_sockets_lock);
}

static void after_fork_in_parent(void)
{
	csi_mutex_unlock(&csi_sockets_lock);
}

static void after_fork_in_child(void)
{
	csi_fork_generation += UINT64_C(1) << GENERATION_SHIFT;
	csi_look_ups_forget();
	csi_mutex_unlock(&csi_sockets_lock);
}

/* Runs once, when the library is loaded. */
static __attribute__((constructor)) void set_fork_hooks(void)
{
	csi_at_fork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* Counts only this call, after a fork: the other calls were those of the parent's threads. */
void csi_count_renew(struct csock_socket *sock)
{
	csi_mutex_lock(&csi_sockets_lock);
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);
	if (csi_use_is_current(use)) {
		__atomic_fetch_add(&sock->use, 1, __ATOMIC_SEQ_CST);
	} else {
		__atomic_store_n(&sock->waiters, NULL, __ATOMIC_SEQ_CST);
		__atomic_exchange_n(&sock->use, csi_fork_generation | (use & CSI_USE_DOOMED) | 1,
				    __ATOMIC_SEQ_CST);
	}
	csi_mutex_unlock(&csi_sockets_lock);
}

/* A struct that has not been used yet may be anywhere. */
int csi_check_place(struct csock_socket *sock)
{
	const struct csock_socket *place = CSI_LOAD(sock->place);

	if (!place && !csi_is_closed(sock))
		CSI_STORE(sock->place, sock);
	return !place || place == sock || csi_is_closed(sock)
		       ? 0
		       : csock_status_refuse(CSOCK_REFUSED_COPIED, 0);
}

int csi_enter_closed(struct csock_socket *sock)
{
	csi_leave(sock);
	return csi_system(EBADF);
}

void csi_leave_slowly(struct csock_socket *sock, uint64_t place)
{
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST), rest;
	csock_handle doomed;

	do {
		doomed = CSOCK_NO_HANDLE;
		rest = use - place;
		if ((rest & (CSI_USE_COUNT | CSI_USE_DOOMED)) == CSI_USE_DOOMED) {
			/* Read it before leaving: after that the socket may be opened again. */
			doomed = CSI_LOAD(sock->doomed);
			rest &= ~CSI_USE_DOOMED;
		}
	} while (!__atomic_compare_exchange_n(&sock->use, &use, rest, true, __ATOMIC_SEQ_CST,
					      __ATOMIC_SEQ_CST));
	/* The thread that closed the socket may have returned, so nobody would see a failure. */
	if (doomed != CSOCK_NO_HANDLE)
		(void)csock_descriptor_close(doomed);
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
	CSI_STORE(sock->vouched_waits, 0);
	CSI_STORE(sock->connecting, false);
	if (CSI_KEEPS_QUICK_ACK)
		CSI_STORE(sock->quick_ack, 0);
	CSI_STORE(sock->place, NULL);
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
	(void)csock_descriptor_close(CSI_LOAD(sock->doomed));
	__atomic_store_n(&sock->waiters, NULL, __ATOMIC_SEQ_CST);
	__atomic_store_n(&sock->use, csi_fork_generation, __ATOMIC_SEQ_CST);
}

bool csi_is_doomed(struct csock_socket *sock)
{
	if (!(__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED))
		return false;
	close_orphan(sock);
	return (__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_DOOMED) != 0;
}

/* Inlined at link time, which keeps the identity in registers. */
inline int csi_install(struct csock_socket *sock, csock_handle fd,
		       const struct csi_identity *identity)
{
	int result = 0;
	bool locked = csi_lock_sockets();
	if (!csi_is_closed(sock)) {
		result = csi_system(EBUSY);
	} else if (csi_is_doomed(sock)) {
		result = csock_status_make(CSOCK_IN_USE, 0);
	} else {
		set_identity(sock, identity);
		__atomic_store_n(&sock->descriptor, fd + 1, __ATOMIC_SEQ_CST);
	}
	csi_unlock_sockets(locked);
	return result;
}

csock_handle csi_withdraw(struct csock_socket *sock)
{
	return __atomic_exchange_n(&sock->descriptor, 0, __ATOMIC_SEQ_CST) - 1;
}
