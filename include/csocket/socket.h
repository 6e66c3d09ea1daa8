/**
 * Sockets: opening, binding, connecting and closing them.
 *
 * A struct csock_socket is the caller's memory: embed it or put it on the stack. Initialise it with
 * CSOCK_SOCKET_INIT, csock_socket_init or zeros; all make a closed socket. It owns its descriptor
 * from a successful open, adopt or accept until csock_close or csock_detach. Directly after it got
 * its descriptor, before any other call, the struct may be copied to other memory and forgotten;
 * later csock_move does that. Opening, adopting or accepting into an open socket fails with EBUSY;
 * into a closed one with CSOCK_IN_USE, while calls on its former descriptor are in progress.
 *
 * Any number of threads may call functions on one socket. csock_close ends their calls: they fail
 * with EBADF, as does every call on a closed socket. No call uses a descriptor that the system has
 * meanwhile given to another file. Several threads may close one socket; none waits for the others.
 * The struct must live until csock_close or csock_close_wait has returned 0, in all threads that
 * call them.
 *
 * Calls that can wait take a deadline (csocket/deadline.h). They return CSOCK_TIMEOUT when it has
 * passed, and CSOCK_INTERRUPTED after a signal. To go on, repeat the call with the same deadline.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_SOCKET_H
#define CSOCKET_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "csocket/address.h"
#include "csocket/api.h"
#include "csocket/deadline.h"
#include "csocket/status.h"
#include "csocket/system.h"

CSOCK_BEGIN_DECLS

struct csock_waiter;

/** A socket. Its family, type and protocol are valid while it is open. */
struct csock_socket {
	/** The descriptor plus one, so that a struct of zeros is a closed socket: see csock_fd. */
	csock_handle descriptor;
	int family;   /**< such as AF_INET */
	int type;     /**< such as SOCK_STREAM, without SOCK_NONBLOCK and SOCK_CLOEXEC */
	int protocol; /**< such as IPPROTO_TCP */
	/* The rest is the library's own. */
	uint64_t use __attribute__((aligned(8))); /* atomic, also where 4 bytes would do */
	struct csock_waiter *waiters;
	csock_handle doomed;
	bool nonblocking;
	bool unbounded_calls; /* as the family's row has it */
	uint8_t misses;
	bool slow_close;
	bool cuts_segments;
	uint8_t vouched_waits;
	bool connecting;
	uint8_t quick_ack; /* on Windows TCP_QUICKACK, which it does not tell */
	const void *vouched_thread;
	const struct csock_socket *place; /* in debug builds: where the struct was first used */
	void *reserved;                   /* NULL */
};

/** Initialises a socket where it is defined. */
#define CSOCK_SOCKET_INIT CSOCK_ZEROS

/** Initialises a socket in memory that has none yet. */
static inline void csock_socket_init(struct csock_socket *sock)
{
	struct csock_socket closed = CSOCK_SOCKET_INIT;

	*sock = closed;
}

/** The descriptor, which the socket still owns; CSOCK_NO_HANDLE while the socket is closed. */
static inline csock_handle csock_fd(const struct csock_socket *sock)
{
	return __atomic_load_n(&sock->descriptor, __ATOMIC_RELAXED) - 1;
}

/** An argument of csock_adopt: ask the kernel. */
#define CSOCK_ASK (-1)

/**
 * Opens a socket (socket(2)): 0, or a failure. The descriptor is not inheritable.
 *
 * @param family AF_*
 * @param type SOCK_*, with SOCK_NONBLOCK for non-blocking mode
 * @param protocol 0 for the usual one of the family and type
 */
CSOCK_API int csock_open(struct csock_socket *sock, int family, int type, int protocol)
	CSOCK_NONNULL(1);

/**
 * Opens two connected sockets (socketpair(2)): 0, or a failure, and then neither is open. family,
 * type and protocol are as for csock_open.
 */
CSOCK_API int csock_open_pair(struct csock_socket *a, struct csock_socket *b, int family, int type,
			      int protocol) CSOCK_NONNULL(1, 2);

/**
 * Takes over a descriptor: 0, or a failure; then the caller still owns it. family, type and
 * protocol are used as given; for those that are CSOCK_ASK it asks the kernel (SO_DOMAIN, SO_TYPE,
 * SO_PROTOCOL). Blocking mode is assumed, unless type contains SOCK_NONBLOCK; call
 * csock_set_blocking to be sure.
 *
 * @param fd must be a socket in any case (ENOTSOCK, EBADF)
 */
CSOCK_API int csock_adopt(struct csock_socket *sock, csock_handle fd, int family, int type,
			  int protocol) CSOCK_NONNULL(1);

/**
 * Closes the socket: 0, or a failure. The socket is closed in any case. Closing a closed socket is
 * no error. csock_close ends the calls that wait on the socket. The last call to end closes the
 * descriptor.
 *
 * CSOCK_IN_USE: calls are still in progress after 0.25 s, because the system was busy, or because a
 * call did not wait but took long. Or a call cannot be ended: the program has begun to use the wake
 * signal itself, or to block it, since the call began to wait (csock_wake_signal). See
 * csock_close_wait.
 */
CSOCK_API int csock_close(struct csock_socket *sock) CSOCK_NONNULL(1);

/**
 * Closes the socket, unless it is closed, and waits until no call is in progress on it: 0;
 * CSOCK_IN_USE when the deadline has passed; CSOCK_INTERRUPTED after a signal; or a failure of
 * close(2). After 0 no call uses the struct, and its memory may be freed. A call on a socket must
 * not itself wait for that socket, as in a signal handler.
 */
CSOCK_API int csock_close_wait(struct csock_socket *sock, int64_t deadline) CSOCK_NONNULL(1);

/**
 * Chooses the signal that ends waiting calls, for the whole process: 0, or a failure (EINVAL). It
 * is SIGURG unless the program chooses another one; 0 forbids signals.
 *
 * The library uses the signal only while the program does not: while its action is SIG_DFL, and
 * only for threads that do not block it. It installs a handler when a call has to be ended for the
 * first time, and takes it back when the library is unloaded. Calls that the signal cannot end wait
 * in poll(2) for a descriptor of their own (eventfd(2)) too. That takes one more system call.
 *
 * While a thread waits on one socket again and again, the library looks at the thread's mask and at
 * the signal's action only every 16th time, because that takes two system calls. A program that
 * changes either of them between such calls had better forbid signals.
 */
CSOCK_API int csock_wake_signal(int number);

/**
 * Returns the descriptor without closing it; the caller then owns it, and the socket is closed.
 * CSOCK_NO_HANDLE if the socket was closed before.
 */
CSOCK_API csock_handle csock_detach(struct csock_socket *sock) CSOCK_NONNULL(1);

/**
 * Moves the descriptor to another struct: 0, or a failure, and then nothing has changed. After that
 * @a from is closed. EBUSY if @a to is open, EBADF if @a from is closed, CSOCK_IN_USE if calls are
 * in progress on either. A call that another thread begins on @a from meanwhile may fail with
 * EBADF.
 */
CSOCK_API int csock_move(struct csock_socket *to, struct csock_socket *from) CSOCK_NONNULL(1, 2);

/**
 * Duplicates the descriptor (fcntl(2), F_DUPFD_CLOEXEC): 0, or a failure. The caller owns the
 * duplicate. It is not inheritable.
 */
CSOCK_API int csock_duplicate(struct csock_socket *sock, csock_handle *duplicate)
	CSOCK_NONNULL(1, 2);

/** The same as csock_duplicate for a descriptor that no struct csock_socket owns. */
CSOCK_API int csock_descriptor_duplicate(csock_handle fd, csock_handle *duplicate) CSOCK_NONNULL(2);

/**
 * Closes a descriptor that no struct csock_socket owns (close(2)): 0, or a failure. EINTR and
 * ECONNRESET are no failures: the descriptor is closed.
 */
CSOCK_API int csock_descriptor_close(csock_handle fd);

/** Identifies an open file. A descriptor may be closed, and given to another file later. */
struct csock_file_id {
	uint64_t device; /**< st_dev */
	uint64_t inode;  /**< st_ino */
};

/** Writes the id of a descriptor's file (fstat(2)): 0, or a failure. */
CSOCK_API int csock_descriptor_file_id(csock_handle fd, struct csock_file_id *id) CSOCK_NONNULL(2);

/** Whether the descriptor stays open across execve(2) (no FD_CLOEXEC): 0 or 1, or a failure. */
CSOCK_API int csock_get_inheritable(struct csock_socket *sock) CSOCK_NONNULL(1);

/** Sets whether the descriptor stays open across execve(2): 0, or a failure. */
CSOCK_API int csock_set_inheritable(struct csock_socket *sock, bool inheritable) CSOCK_NONNULL(1);

/**
 * Sets blocking or non-blocking mode (O_NONBLOCK): 0, or a failure. The mode belongs to the open
 * file description: duplicates and other processes that share it get the same mode.
 *
 * Calls keep any deadline in either mode, with two exceptions. In blocking mode csock_accept and
 * csock_send_file wait until the socket is ready or the deadline passes. The system call may then
 * take longer, because it has no flag against that: accept(2) if another thread or process accepts
 * the connection first, sendfile(2) until the kernel has sent all size bytes.
 *
 * In blocking mode csock_connect with a deadline sets O_NONBLOCK for the moment of connect(2).
 */
CSOCK_API int csock_set_blocking(struct csock_socket *sock, bool blocking) CSOCK_NONNULL(1);

/** Whether the descriptor is in non-blocking mode, as set by calls on this struct. */
static inline bool csock_is_nonblocking(const struct csock_socket *sock)
{
	return __atomic_load_n(&sock->nonblocking, __ATOMIC_RELAXED);
}

/** Binds the socket to a local address (bind(2)): 0, or a failure. */
CSOCK_API int csock_bind(struct csock_socket *sock, const struct csock_addr *addr)
	CSOCK_NONNULL(1, 2);

/**
 * Makes the socket accept connections (listen(2)): 0, or a failure. About backlog of them may wait
 * for csock_accept.
 */
CSOCK_API int csock_listen(struct csock_socket *sock, int backlog) CSOCK_NONNULL(1);

/**
 * Waits for a connection and accepts it (accept4(2)): 0, or a failure. connection gets the
 * listener's family, type and protocol, and on Linux most of its options, such as SO_KEEPALIVE; it
 * is not inheritable.
 *
 * @param peer gets the peer's address, with length 0 if the family has none; may be NULL
 * @param flags 0 for blocking mode, or SOCK_NONBLOCK; others fail with CSOCK_REFUSED_UNKNOWN
 */
CSOCK_API int csock_accept(struct csock_socket *listener, struct csock_socket *connection,
			   struct csock_addr *peer, int flags, int64_t deadline)
	CSOCK_NONNULL(1, 2);

/**
 * Connects to an address (connect(2)): 0, or a failure. After CSOCK_INTERRUPTED, CSOCK_TIMEOUT, or
 * EINPROGRESS with CSOCK_NOW, the kernel goes on connecting. Call again to wait for the result.
 *
 * While the backlog of a UNIX socket is full, the call tries again until the deadline; with
 * CSOCK_NOW it fails with EAGAIN.
 */
CSOCK_API int csock_connect(struct csock_socket *sock, const struct csock_addr *addr,
			    int64_t deadline) CSOCK_NONNULL(1, 2);

/**
 * Shuts down receiving (SHUT_RD), sending (SHUT_WR) or both (SHUT_RDWR) with shutdown(2): 0, or a
 * failure.
 */
CSOCK_API int csock_shutdown(struct csock_socket *sock, int how) CSOCK_NONNULL(1);

/** Writes the socket's own address (getsockname(2)): 0, or a failure. */
CSOCK_API int csock_getsockname(struct csock_socket *sock, struct csock_addr *addr)
	CSOCK_NONNULL(1, 2);

/** Writes the peer's address (getpeername(2)): 0, or a failure. */
CSOCK_API int csock_getpeername(struct csock_socket *sock, struct csock_addr *addr)
	CSOCK_NONNULL(1, 2);

CSOCK_END_DECLS

#endif
