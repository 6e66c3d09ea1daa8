/*
 * Calls in flight: a socket counts the calls that use its descriptor, so that closing never pulls
 * it away from them.
 *
 * Every call uses the descriptor only between csi_enter and csi_leave: it is inside. A call that
 * may block also registers as a waiter (waiters.h), so that csock_close can wake it.
 *
 * The low bits of sock->use count the calls that are inside. Closing sets sock->descriptor to 0, so
 * that no further call enters. If calls are inside, it stores the descriptor in sock->doomed, sets
 * DOOMED and wakes the waiters. The last call to leave clears DOOMED and closes the descriptor.
 * That is csock_close itself, which is inside too, and sets CLOSING, unless it gives up before.
 *
 * A socket gets a descriptor only while it has none and is not DOOMED. One lock guards opening and
 * closing, so that no descriptor is lost if threads do both at once.
 *
 * fork() copies the count without the threads. The high half of sock->use is the fork generation of
 * the count: a count of an older generation is void.
 */
#ifndef CSI_INFLIGHT_H
#define CSI_INFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "csocket/socket.h"

#include "failure.h"
#include "platform/compiler.h"
#include "platform/names.h"
#include "platform/platform.h"
#include "shared.h"

/*
 * Whether the process has one thread. Then no other thread could wake a waiter, and counting needs
 * no atomic instructions: two of them cost a twentieth of a short system call. No second thread
 * begins while the only one is inside.
 */
static inline bool csi_is_alone(void)
{
	return __builtin_expect(csi_platform_is_single_threaded(), 1);
}

/* i386 aligns a uint64_t in a struct to 4 bytes, and reads it whole only if 8 bytes aligned. */
_Static_assert(_Alignof(struct csock_socket) % sizeof(uint64_t) == 0 &&
		       offsetof(struct csock_socket, use) % sizeof(uint64_t) == 0,
	       "an atomic field is aligned");

#define CSI_USE_COUNT UINT64_C(0x3fffffff)
#define CSI_USE_CLOSING UINT64_C(0x40000000)
#define CSI_USE_DOOMED UINT64_C(0x80000000)

/* What a call adds to sock->use while it is inside; and the one that closes the socket. */
#define CSI_USE_CALL UINT64_C(1)
#define CSI_USE_CLOSER (CSI_USE_CALL | CSI_USE_CLOSING)

/* The current generation, shifted to its place in sock->use. */
extern uint64_t csi_fork_generation;

static inline bool csi_use_is_current(uint64_t use)
{
	return (use & ~(CSI_USE_COUNT | CSI_USE_CLOSING | CSI_USE_DOOMED)) == csi_fork_generation;
}

/* The slow parts of csi_enter and csi_leave: after a fork, on a closed socket, with threads. */
CSI_COLD void csi_count_renew(struct csock_socket *sock);
CSI_COLD int csi_enter_closed(struct csock_socket *sock);
CSI_COLD void csi_leave_slowly(struct csock_socket *sock, uint64_t place);

CSI_INLINE void csi_count_in(struct csock_socket *sock)
{
	uint64_t use =
		csi_is_alone() ? sock->use++ : __atomic_fetch_add(&sock->use, 1, __ATOMIC_SEQ_CST);

	if (__builtin_expect(!csi_use_is_current(use), 0))
		csi_count_renew(sock);
}

CSI_INLINE void csi_leave(struct csock_socket *sock)
{
	uint64_t use = CSI_LOAD(sock->use);

	bool is_doomed = __builtin_expect((use & CSI_USE_DOOMED) != 0, 0);

	if (csi_is_alone() && !is_doomed)
		sock->use = use - 1;
	else if (is_doomed || !__atomic_compare_exchange_n(&sock->use, &use, use - 1, false,
							   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		csi_leave_slowly(sock, CSI_USE_CALL);
}

/*
 * For debug builds: 0, or a refusal, because the program has copied the struct. A copy would not
 * count the calls on the original, and would close its descriptor a second time.
 */
CSI_COLD int csi_check_place(struct csock_socket *sock);

/*
 * Enters: 0 and the descriptor, which stays open until csi_leave; or EBADF or a refusal, without a
 * csi_leave to follow.
 */
CSI_INLINE int csi_enter(struct csock_socket *sock, csock_handle *fd)
{
	int result = CSI_DEBUG ? csi_check_place(sock) : 0;

	if (result < 0)
		return result;
	csi_count_in(sock);
	*fd = __atomic_load_n(&sock->descriptor, __ATOMIC_SEQ_CST) - 1;
	if (__builtin_expect(*fd != CSOCK_NO_HANDLE, 1))
		return 0;
	result = csi_enter_closed(sock);
	/* The compiler then knows that a call on a closed socket ends here. */
	if (result >= 0)
		__builtin_unreachable();
	return result;
}

/* csi_leave, as CSI_CLEANUP_PUSH wants it: a thread may be cancelled in a system call. */
CSI_INLINE void csi_leave_cancelled(void *sock)
{
	csi_leave(sock);
}

/* Whether calls are inside. */
static inline bool csi_is_occupied(const struct csock_socket *sock)
{
	uint64_t use = CSI_LOAD(sock->use);

	return csi_use_is_current(use) && (use & CSI_USE_COUNT) != 0;
}

/* Whether the socket is closed; another thread may close it during a call. */
static inline bool csi_is_closed(const struct csock_socket *sock)
{
	return __atomic_load_n(&sock->descriptor, __ATOMIC_SEQ_CST) == 0;
}

/* The properties of a descriptor that a socket gets when it opens. */
struct csi_identity {
	int family;
	int type;
	int protocol;
	bool nonblocking;
	bool unbounded_calls;
	bool slow_close;
};

/* Those of an open socket. */
static inline struct csi_identity csi_identity_of(const struct csock_socket *sock)
{
	return (struct csi_identity){
		.family = CSI_LOAD(sock->family),
		.type = CSI_LOAD(sock->type),
		.protocol = CSI_LOAD(sock->protocol),
		.nonblocking = CSI_LOAD(sock->nonblocking),
		.unbounded_calls = CSI_LOAD(sock->unbounded_calls),
		.slow_close = CSI_LOAD(sock->slow_close),
	};
}

/*
 * Gives a closed socket its descriptor, and sets the fields that belong to it: 0, EBUSY if the
 * socket is open, or CSOCK_IN_USE while calls on its former descriptor are inside.
 */
int csi_install(struct csock_socket *sock, csock_handle fd, const struct csi_identity *identity);

/* Takes the descriptor out of use without closing it; CSOCK_NO_HANDLE if there is none. */
csock_handle csi_withdraw(struct csock_socket *sock);

/*
 * Whether calls on the socket's former descriptor are inside. Call it with the lock held. After
 * fork() it closes a descriptor that the parent's threads would have closed.
 */
bool csi_is_doomed(struct csock_socket *sock);

#endif
