/*
 * Sockets: making, naming, connecting and closing them.
 *
 * A struct csock_socket is the caller's memory: embed it or put it on the stack, and initialise it
 * with CSOCK_SOCKET_INIT. It owns its descriptor from a successful open, adopt or accept
 * until csock_close or csock_detach. It may be copied only before its second use. Opening,
 * adopting or accepting into an open socket fails with EEXIST, and into a closed one with EBUSY
 * while calls on its former descriptor go on.
 *
 * Any number of threads may call on one socket. csock_close ends their calls where it can (see
 * its comment), and no call ever works on a descriptor that the system has meanwhile given to
 * another file. They get CSOCK_SYSTEM with EBADF, as does every call on a closed socket.
 *
 * Calls that can wait take a deadline (csocket/deadline.h). They return CSOCK_TIMEOUT when it has
 * passed, and CSOCK_INTERRUPTED after a signal; the same call then continues.
 */
#ifndef CSOCKET_SOCKET_H
#define CSOCKET_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h> /* for its callers: AF_*, SOCK_*, SHUT_* */

#include "csocket/address.h"
#include "csocket/api.h"
#include "csocket/deadline.h"
#include "csocket/status.h"

CSOCK_BEGIN_DECLS

struct csock_waiter;

struct csock_socket {
	int fd; /* -1 while closed */
	int family;
	int type; /* without SOCK_NONBLOCK and SOCK_CLOEXEC */
	int protocol;
	/* The rest is the library's own. */
	uint64_t use;
	struct csock_waiter *waiters;
	int doomed;
	bool nonblocking;
	bool works_in_call; /* as the family's row has it */
	uint8_t misses;
	bool slow_close;
	bool cuts_segments;
	bool connecting; /* the kernel goes on with an attempt that an earlier call began */
};

#define CSOCK_SOCKET_INIT                                                                          \
	{                                                                                          \
		.fd = -1                                                                           \
	}

/* Makes csock_adopt ask the kernel. */
#define CSOCK_ASK (-1)

/*
 * Opens a socket: 0, or a failure. type may have SOCK_NONBLOCK added to it. The descriptor is
 * not inheritable.
 */
CSOCK_API int csock_open(struct csock_socket *sock, int family, int type, int protocol);

/* Opens two sockets that are connected with each other: 0, or a failure and neither. */
CSOCK_API int csock_open_pair(struct csock_socket *a, struct csock_socket *b, int family, int type,
			      int protocol);

/*
 * Takes over a descriptor: 0, or a failure, on which it stays the caller's. Family, type and
 * protocol are believed where they are given, and asked of the kernel where they are
 * CSOCK_ASK. Whatever is believed, the descriptor must be that of a socket (ENOTSOCK, EBADF).
 * It is assumed to be in blocking mode, unless type has SOCK_NONBLOCK added to it;
 * csock_set_blocking makes sure.
 */
CSOCK_API int csock_adopt(struct csock_socket *sock, int fd, int family, int type, int protocol);

/*
 * Closes: 0, or a failure of the system's close; the socket is closed in any case. Closing
 * a closed socket is no error. Threads that wait in a call on the socket are woken, and if
 * any is still inside, the last one out closes the descriptor.
 *
 * A signal wakes them: SIGURG, or a real-time signal if the program handles or ignores SIGURG. A
 * thread that blocks the signal waits on: csock_close tries for 0.25 s, and leaves one SIGURG or up
 * to eight real-time signals pending for it. Every thread waits on if the program handles or
 * ignores SIGURG and all real-time signals, or may not send them (seccomp); then csock_close does
 * not try.
 */
CSOCK_API int csock_close(struct csock_socket *sock);

/*
 * Whether closing may take its time: calls are inside, the socket lingers (SO_LINGER with a time
 * above 0), or the kernel has more to do for its family.
 */
CSOCK_API bool csock_close_may_wait(const struct csock_socket *sock);

/* Gives the open descriptor to the caller and leaves the socket closed; -1 if it was. */
CSOCK_API int csock_detach(struct csock_socket *sock);

/* A duplicate of the descriptor, not inheritable, for the caller to adopt; or a failure. */
CSOCK_API int csock_duplicate(struct csock_socket *sock);

/* The same for a descriptor that no struct csock_socket owns. */
CSOCK_API int csock_descriptor_duplicate(int fd);

/* Closes a descriptor that no struct csock_socket owns: 0, or a failure. */
CSOCK_API int csock_descriptor_close(int fd);

/* Tells one open file from another, though both may have the same descriptor one after the other.
 */
struct csock_file_id {
	uint64_t device;
	uint64_t inode;
};

/* The id of a descriptor's file, as fstat() has it: 0, or a failure (EBADF). */
CSOCK_API int csock_descriptor_file_id(int fd, struct csock_file_id *id);

/* Whether a child process that executes a program keeps the descriptor: 0 or 1, or a failure. */
CSOCK_API int csock_get_inheritable(struct csock_socket *sock);

/* Decides that: 0, or a failure. */
CSOCK_API int csock_set_inheritable(struct csock_socket *sock, bool inheritable);

/*
 * Sets blocking or non-blocking mode, which all who share the socket's open file then have.
 *
 * csock_accept, csock_connect and csock_send_file keep a deadline, CSOCK_NOW too, exactly only in
 * non-blocking mode, because their system calls have no flag for it. In blocking mode csock_accept
 * and csock_send_file wait for the socket to be ready, until the deadline. The system call may then
 * take longer: if another thread or process was first to accept the connection, or until the kernel
 * has sent all of the part. csock_connect keeps the deadline for an attempt that an earlier call
 * began; for a new one it waits as long as the kernel does.
 */
CSOCK_API int csock_set_blocking(struct csock_socket *sock, bool blocking);

/* Whether the descriptor is in non-blocking mode, as far as calls on this struct have set it. */
static inline bool csock_is_nonblocking(const struct csock_socket *sock)
{
	return __atomic_load_n(&sock->nonblocking, __ATOMIC_RELAXED);
}

/*
 * Whether a call with CSOCK_NOW returns at once. Those of some families work inside the call
 * (csock_family.works_in_call).
 */
static inline bool csock_can_try(const struct csock_socket *sock)
{
#if defined(__SANITIZE_THREAD__) || defined(__clang__)
	return !__atomic_load_n(&sock->works_in_call, __ATOMIC_RELAXED);
#else
	/* A volatile read of one byte is as whole as an atomic one, and GCC keeps more in
	 * registers. */
	return !*(const volatile bool *)&sock->works_in_call;
#endif
}

/*
 * Whether the last receiving calls had to wait, so that one with CSOCK_NOW would probably fail.
 * Now and then it is false for one call, to see whether that has changed.
 */
CSOCK_API bool csock_expects_to_wait(const struct csock_socket *sock);

/* Gives the socket its own address: 0, or a failure. */
CSOCK_API int csock_bind(struct csock_socket *sock, const struct csock_addr *addr);

/* Accepts connections from now on; up to backlog of them wait for csock_accept. 0, or a failure. */
CSOCK_API int csock_listen(struct csock_socket *sock, int backlog);

/*
 * Waits for a connection and takes it: 0, or a failure. connection gets the listener's
 * family, type and protocol, blocking mode, and is not inheritable; peer may be NULL.
 */
CSOCK_API int csock_accept(struct csock_socket *listener, struct csock_socket *connection,
			   struct csock_addr *peer, int64_t deadline);

/*
 * Connects: 0, or a failure. After CSOCK_INTERRUPTED, CSOCK_TIMEOUT, or EINPROGRESS with
 * CSOCK_NOW, the attempt goes on in the kernel, and calling again waits for its end.
 */
CSOCK_API int csock_connect(struct csock_socket *sock, const struct csock_addr *addr,
			    int64_t deadline);

/* Ends receiving (SHUT_RD), sending (SHUT_WR) or both (SHUT_RDWR): 0, or a failure. */
CSOCK_API int csock_shutdown(struct csock_socket *sock, int how);

/* Writes the socket's own address: 0, or a failure. */
CSOCK_API int csock_getsockname(struct csock_socket *sock, struct csock_addr *addr);

/* Writes the address of the peer: 0, or a failure. */
CSOCK_API int csock_getpeername(struct csock_socket *sock, struct csock_addr *addr);

CSOCK_END_DECLS

#endif
