/*
 * Closing: the descriptor is closed when the last call on it has ended.
 */
#include "csocket/socket.h"

#include "failure.h"
#include "inflight.h"
#include "platform/compiler.h"
#include "platform/names.h"
#include "platform/platform.h"
#include "sockets_lock.h"
#include "waiters.h"

/*
 * Closing repeats the signal, because a thread may get it just before its system call. The
 * intervals between signals grow, because real-time signals queue, and a thread may have come to
 * block them.
 */
#define WAKE_PAUSE_FIRST_NS INT64_C(20000)
#define WAKE_PAUSE_LAST_NS INT64_C(10000000)
#define WAKE_SIGNAL_GROWTH 4

/* On a busy machine a thread may have to wait that long for a processor. */
#define CLOSE_LIMIT_NS INT64_C(250000000)

int csock_descriptor_close(csock_handle fd)
{
	/*
	 * Linux releases the descriptor even if close() fails, so trying again could close another
	 * file. A signal or a reset by the peer is no failure.
	 */
	int result = csi_platform_close(fd);
	return csock_status_domain(result) == CSOCK_INTERRUPTED || csi_is_system(result, ECONNRESET)
		       ? 0
		       : result;
}

/* Whether calls are inside a closed socket, beside the one that is closing it. */
static bool is_occupied(const struct csock_socket *sock)
{
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);

	return csi_use_is_current(use) && (use & CSI_USE_DOOMED) &&
	       (use & CSI_USE_COUNT) > ((use & CSI_USE_CLOSING) != 0);
}

/*
 * Wakes the waiting calls until all calls have left: 0, CSOCK_IN_USE when the deadline has passed,
 * or CSOCK_INTERRUPTED. If it is not patient, it ignores signals, and gives up if a call cannot be
 * woken.
 */
static int wake_until(struct csock_socket *sock, int64_t deadline, bool patient)
{
	int64_t pause = WAKE_PAUSE_FIRST_NS, gap = WAKE_PAUSE_FIRST_NS;
	int64_t next_signal = INT64_MIN;

	while (is_occupied(sock)) {
		int64_t now = csi_platform_clock();
		if (now >= next_signal) {
			if (!csi_waiters_wake(sock) && !patient)
				return csock_status_make(CSOCK_IN_USE, 0);
			next_signal = now + gap;
			gap *= WAKE_SIGNAL_GROWTH;
		}
		if (now >= deadline)
			return csock_status_make(CSOCK_IN_USE, 0);
		int result = csi_platform_poll(NULL, 0, pause);
		if (result < 0 && patient)
			return result;
		if (pause < WAKE_PAUSE_LAST_NS)
			pause *= 2;
	}
	return 0;
}

/* What this call is to the calls that are inside the socket. */
enum role {
	NOBODY,  /* there are none */
	CLOSER,  /* is inside too, and leaves last */
	WATCHER, /* waits for them, as another thread does that is the closer */
};

/* Leaves the descriptor to the calls that are inside, if there are any. */
static enum role leave_to_calls(struct csock_socket *sock, csock_handle fd)
{
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);

	do {
		if (!csi_use_is_current(use) || (use & CSI_USE_COUNT) == 0)
			return NOBODY;
		CSI_STORE(sock->doomed, fd);
	} while (!__atomic_compare_exchange_n(&sock->use, &use,
					      (use | CSI_USE_DOOMED) + CSI_USE_CLOSER, true,
					      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return CLOSER;
}

/* Joins the calls inside a socket that is closed already. */
static enum role join_calls(struct csock_socket *sock)
{
	uint64_t use = __atomic_load_n(&sock->use, __ATOMIC_SEQ_CST);

	do {
		if (!csi_use_is_current(use) || !(use & CSI_USE_DOOMED))
			return NOBODY;
		if (use & CSI_USE_CLOSING)
			return WATCHER;
	} while (!__atomic_compare_exchange_n(&sock->use, &use, use + CSI_USE_CLOSER, true,
					      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST));
	return CLOSER;
}

/*
 * Ends the calls inside, and leaves. If it is not patient, it goes on for CLOSE_LIMIT_NS instead.
 */
CSI_COLD static int end_calls(struct csock_socket *sock, enum role role, bool patient,
			      int64_t deadline)
{
	int cancelling, result = 0;

	/* A thread that were cancelled here would stay inside for ever. */
	csi_cancel_disable(&cancelling);
	if (!patient)
		deadline = csi_platform_clock() + CLOSE_LIMIT_NS;
	while (role != NOBODY) {
		result = wake_until(sock, deadline, patient);
		if (role == WATCHER)
			break;
		csi_leave_slowly(sock, CSI_USE_CLOSER);
		/* A call that came meanwhile finds the socket closed, and leaves at once. */
		role = result == 0 ? join_calls(sock) : NOBODY;
	}
	csi_cancel_restore(cancelling);
	return result;
}

/* Closes what a parent process left to its other threads, which this one does not have. */
CSI_COLD static int close_orphan(struct csock_socket *sock)
{
	bool locked = csi_lock_sockets();

	(void)csi_is_doomed(sock);
	csi_unlock_sockets(locked);
	return 0;
}

CSI_INLINE int close_socket(struct csock_socket *sock, bool patient, int64_t deadline)
{
	int refusal = CSI_DEBUG ? csi_check_place(sock) : 0;

	if (refusal < 0)
		return refusal;
	bool locked = csi_lock_sockets();
	csock_handle fd = csi_withdraw(sock);
	enum role role = fd == CSOCK_NO_HANDLE ? join_calls(sock) : leave_to_calls(sock, fd);
	csi_unlock_sockets(locked);
	if (role != NOBODY)
		return end_calls(sock, role, patient, deadline);
	return fd == CSOCK_NO_HANDLE ? close_orphan(sock) : csock_descriptor_close(fd);
}

CSI_UNGUARDED int csock_close(struct csock_socket *sock)
{
	CSI_NEED(sock);
	return close_socket(sock, false, CSOCK_NOW);
}

int csock_close_wait(struct csock_socket *sock, int64_t deadline)
{
	CSI_NEED(sock);
	return close_socket(sock, true, deadline);
}
