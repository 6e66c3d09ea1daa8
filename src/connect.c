/*
 * Connecting, and accepting connections.
 */
#include "csocket/socket.h"

#include "connecting.h"
#include "failure.h"
#include "inflight.h"
#include "platform/calls.h"
#include "platform/compiler.h"
#include "platform/platform.h"
#include "wait.h"

struct accept_call {
	const struct csock_socket *listener;
	struct csock_addr *peer; /* or NULL */
	int flags;
	csock_handle accepted;
	struct csi_identity identity;
};

/*
 * accept() has no MSG_DONTWAIT: the mode of the descriptor decides. sock->nonblocking may be out of
 * date, because a duplicate or another process may have changed the mode.
 */
static bool may_accept(csock_handle fd)
{
	return csi_platform_is_nonblocking(fd) || csi_wait(fd, NULL, POLLIN, CSOCK_NOW) == 0;
}

/* Before accept(): 0, or why not to call it. */
static int prepare_accept(csock_handle fd, int dontwait)
{
	if (dontwait)
		return may_accept(fd) ? 0 : csi_system(EAGAIN);
	return CSI_ACCEPT_UNWINDS ? 0 : csi_wait(fd, NULL, POLLIN, CSOCK_NEVER);
}

/* What a connection gets of its listener. SO_LINGER is inherited too. */
static void inherit(struct csi_identity *identity, const struct csock_socket *listener, int flags)
{
	*identity = csi_identity_of(listener);
	identity->nonblocking = (flags & SOCK_NONBLOCK) != 0;
}

/* Whether the kernel can be asked for the addresses of peers. */
static bool peers_have_addresses(const struct csi_identity *identity)
{
	const struct csock_family *family = csock_family_find(identity->family, identity->protocol);

	return !family || !family->peers_have_no_address;
}

/*
 * Returns 1, because csi_perform replaces 0 by EBADF if the socket was closed meanwhile. The
 * listener cannot become another one during the attempt.
 */
CSI_UNGUARDED static ssize_t attempt_accept(csock_handle fd, int dontwait, void *arg)
{
	struct accept_call *call = arg;
	struct csock_addr *peer = call->peer;
	socklen_t length = peer ? (socklen_t)sizeof peer->raw : 0;

	inherit(&call->identity, call->listener, call->flags);
	int result = call->identity.unbounded_calls ? 0 : prepare_accept(fd, dontwait);
	if (result < 0)
		return result;
	if (peer && !peers_have_addresses(&call->identity)) {
		length = 0;
		peer->length = 0;
		peer = NULL;
	}
	result = csi_platform_accept(fd, peer ? (struct sockaddr *)&peer->raw : NULL,
				     peer ? &length : NULL, call->flags, &call->accepted);
	if (result < 0)
		return result;
	if (peer)
		peer->length = csi_address_length(length);
	return 1;
}

int csock_accept(struct csock_socket *listener, struct csock_socket *connection,
		 struct csock_addr *peer, int flags, int64_t deadline)
{
	CSI_NEED(listener, connection);
	struct accept_call call = {.listener = listener, .peer = peer, .flags = flags};

	if (flags & ~SOCK_NONBLOCK)
		return csock_status_refuse(CSOCK_REFUSED_UNKNOWN, 0);
	/* A socket of AF_ALG accepts at once, and is never ready for reading. */
	int result = CSI_LOAD(listener->unbounded_calls)
			     ? (int)csi_perform(listener, POLLIN, deadline, attempt_accept, &call)
			     : (int)csi_perform_by_mode(listener, POLLIN, deadline, attempt_accept,
							&call);
	if (result < 0)
		return result;
	result = csi_install(connection, call.accepted, &call.identity);
	if (result < 0)
		(void)csock_descriptor_close(call.accepted);
	return result;
}

/* The result of an attempt to connect that has ended in the kernel. */
static int connection_result(struct csock_socket *sock, csock_handle fd)
{
	int error = 0;
	socklen_t length = sizeof error;

	if (csi_platform_getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		return csi_failure();
	if (CSI_FORGETS_CONNECTIONS)
		CSI_STORE(sock->connecting, false);
	return error == 0 || csi_platform_errno(error) == EISCONN
		       ? 0
		       : csock_status_make(CSOCK_SYSTEM, error);
}

int csi_connection_result(struct csock_socket *sock)
{
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = connection_result(sock, fd);
	csi_leave(sock);
	return result;
}

static bool is_under_way(int status)
{
	return csi_is_system(status, EINPROGRESS) || csi_is_system(status, EALREADY);
}

/* Notes whether a connection is under way: 0 if the one that an earlier call began is now made. */
static int remember(struct csock_socket *sock, int status)
{
	bool was_connecting = CSI_LOAD(sock->connecting);

	CSI_STORE(sock->connecting, is_under_way(status));
	return was_connecting && csi_is_system(status, EISCONN) ? 0 : status;
}

static ssize_t attempt_connect(csock_handle fd, int dontwait, void *arg)
{
	const struct csock_addr *addr = arg;

	(void)dontwait;
	return connect(fd, (const struct sockaddr *)&addr->raw, (socklen_t)addr->length) == 0
		       ? 0
		       : csi_failure();
}

/* connect(2) that does not wait, in either mode of the descriptor. */
static int begin(struct csock_socket *sock, csock_handle fd, const struct csock_addr *addr)
{
	bool blocks = !CSI_TRIES_CHANGE_MODE && !csi_is_nonblocking(sock);
	int result = blocks ? csi_platform_set_nonblocking(fd, true) : 0;

	if (result < 0)
		return result;
	result = (int)csi_attempt_now(sock, fd, attempt_connect, (void *)(uintptr_t)addr);
	if (CSI_FORGETS_CONNECTIONS)
		result = remember(sock, result);
	/* Another thread may have set the mode meanwhile. */
	int restored = blocks ? csi_platform_set_nonblocking(fd, csi_is_nonblocking(sock)) : 0;
	return restored < 0 ? restored : result;
}

/*
 * Begins again until that need not be repeated: while a UNIX socket's peer has a full backlog,
 * connect() cannot begin, and poll() does not tell when it can.
 */
static int begin_again(struct csock_socket *sock, const struct csock_waiter *waiter,
		       csock_handle fd, const struct csock_addr *addr, int64_t deadline)
{
	int64_t pause = 0;
	int result;

	do {
		if (csi_platform_clock() >= deadline)
			return csock_status_make(CSOCK_TIMEOUT, 0);
		result = csi_pause(&pause, waiter, deadline);
		if (result < 0)
			return result;
		result = csi_is_closed(sock) ? csi_system(EBADF) : begin(sock, fd, addr);
	} while (csock_status_would_wait(result));
	return result;
}

static int connect_until(struct csock_socket *sock, struct csock_waiter *waiter, csock_handle fd,
			 const struct csock_addr *addr, int64_t deadline)
{
	int result = begin(sock, fd, addr);

	/* EALREADY: an earlier call began the attempt, and this call waits for its result. */
	if (deadline == CSOCK_NOW || !(is_under_way(result) || csock_status_would_wait(result)))
		return result;
	csi_waiter_arm_to_poll(sock, waiter);
	/* Nobody wakes this call if the socket was closed before. */
	if (csi_is_closed(sock))
		return csi_system(EBADF);
	if (!is_under_way(result))
		result = begin_again(sock, waiter, fd, addr, deadline);
	if (!is_under_way(result))
		return result;
	result = csi_wait(fd, waiter, POLLOUT, deadline);
	if (result < 0 || csi_is_closed(sock))
		return result < 0 ? result : csi_system(EBADF);
	return connection_result(sock, fd);
}

static int connect_as_waiter(struct csock_socket *sock, struct csock_waiter *waiter,
			     csock_handle fd, const struct csock_addr *addr, int64_t deadline)
{
	if (!csi_kernel_waits(sock, deadline))
		return csi_is_closed(sock) ? csi_system(EBADF)
					   : connect_until(sock, waiter, fd, addr, deadline);
	bool by_signal = csi_waiter_arm(sock, waiter);
	if (csi_is_closed(sock))
		return csi_system(EBADF);
	/* The kernel does the waiting, and its limit (SO_SNDTIMEO) applies. */
	if (by_signal)
		return (int)attempt_connect(fd, 0, (void *)(uintptr_t)addr);
	int result = connect_until(sock, waiter, fd, addr, csi_kernel_deadline(fd, POLLOUT));
	return csock_status_domain(result) == CSOCK_TIMEOUT ? csi_system(EINPROGRESS) : result;
}

CSI_UNGUARDED int csock_connect(struct csock_socket *sock, const struct csock_addr *addr,
				int64_t deadline)
{
	CSI_NEED(sock, addr);
	struct csi_visit visit;
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	visit.sock = sock;
	csi_waiter_add(sock, &visit.waiter);
	CSI_CLEANUP_PUSH(csi_visit_end, &visit);
	result = connect_as_waiter(sock, &visit.waiter, fd, addr, deadline);
	if (result < 0 && csi_is_closed(sock))
		result = csi_system(EBADF);
	CSI_CLEANUP_POP(true);
	return result;
}
