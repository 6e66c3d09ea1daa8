/*
 * Connecting, and accepting connections.
 */
#include <sys/socket.h>

#include "csocket/socket.h"

#include "failure.h"
#include "inflight.h"
#include "platform/compiler.h"
#include "platform/platform.h"
#include "wait.h"

struct accept_call {
	struct csock_addr *peer; /* NULL: do not ask the kernel for it */
	int flags;
	int accepted;
};

/*
 * accept() has no MSG_DONTWAIT: the mode of the descriptor decides. sock->nonblocking may be out of
 * date, because a duplicate or another process may have changed the mode.
 */
static bool may_accept(int fd)
{
	return csi_platform_is_nonblocking(fd) || csi_wait(fd, POLLIN, CSOCK_NOW) == 0;
}

/*
 * Returns 1 and not the descriptor. That may be 0, which csi_perform replaces by EBADF if the
 * socket was closed meanwhile.
 */
CSI_UNGUARDED static ssize_t attempt_accept(int fd, int dontwait, void *arg)
{
	struct accept_call *call = arg;
	struct csock_addr *peer = call->peer;
	socklen_t length = peer ? sizeof peer->raw : 0;

	if (dontwait && !may_accept(fd))
		return csi_system(EAGAIN);
	call->accepted = csi_platform_accept(fd, peer ? (struct sockaddr *)&peer->raw : NULL,
					     peer ? &length : NULL, call->flags);
	if (call->accepted < 0)
		return call->accepted;
	if (peer)
		peer->length = length <= sizeof peer->raw ? length : sizeof peer->raw;
	return 1;
}

int csock_accept(struct csock_socket *listener, struct csock_socket *connection,
		 struct csock_addr *peer, int flags, int64_t deadline)
{
	struct csi_identity identity = {
		.family = CSI_LOAD(listener->family),
		.type = CSI_LOAD(listener->type),
		.protocol = CSI_LOAD(listener->protocol),
		.nonblocking = (flags & SOCK_NONBLOCK) != 0,
		.unbounded_calls = CSI_LOAD(listener->unbounded_calls),
	};
	const struct csock_family *family = csock_family_find(identity.family, identity.protocol);
	struct accept_call call = {.peer = family && family->peers_have_no_address ? NULL : peer,
				   .flags = flags};

	if (flags & ~SOCK_NONBLOCK)
		return csock_status_refuse(CSOCK_REFUSED_UNKNOWN, 0);

	/* A socket of AF_ALG accepts at once, and is never ready for reading. */
	int result = identity.unbounded_calls
			     ? (int)csi_perform(listener, POLLIN, deadline, attempt_accept, &call)
			     : (int)csi_perform_by_mode(listener, POLLIN, deadline, attempt_accept,
							&call);
	if (result < 0)
		return result;
	/* The connection inherits SO_LINGER. */
	identity.slow_close = CSI_LOAD(listener->slow_close);
	result = csi_install(connection, call.accepted, &identity);
	if (result < 0)
		(void)csock_descriptor_close(call.accepted);
	else if (peer && !call.peer)
		peer->length = 0;
	return result;
}

/* The result of an attempt to connect that has ended in the kernel. */
static int connection_result(int fd)
{
	int error = 0;
	socklen_t length = sizeof error;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
		return csi_failure();
	return error == 0 || error == EISCONN ? 0 : csi_system(error);
}

static bool is_under_way(int status)
{
	return csock_status_domain(status) == CSOCK_SYSTEM &&
	       (csock_status_code(status) == EINPROGRESS || csock_status_code(status) == EALREADY);
}

/*
 * In blocking mode connect() would wait for an attempt in progress, even beyond the deadline. So
 * wait for it here first: 0, or a failure, and then connect() is not called.
 */
static int await_attempt(const struct csock_socket *sock, int fd, int64_t deadline)
{
	if (deadline == CSOCK_NEVER || csi_is_nonblocking(sock) || !CSI_LOAD(sock->connecting))
		return 0;
	int result = csi_wait(fd, POLLOUT, deadline);
	if (deadline == CSOCK_NOW && csock_status_domain(result) == CSOCK_TIMEOUT)
		return csi_system(EALREADY);
	return result;
}

static int connect_until(const struct csock_socket *sock, int fd, const struct csock_addr *addr,
			 int64_t deadline)
{
	int result = await_attempt(sock, fd, deadline);

	if (result < 0)
		return result;
	if (connect(fd, (const struct sockaddr *)&addr->raw, addr->length) == 0)
		return 0;
	result = csi_failure();
	/*
	 * EALREADY: an earlier call began the attempt, and this call waits for its result. If the
	 * kernel does the waiting, EALREADY and EINPROGRESS mean that its limit (SO_SNDTIMEO) has
	 * passed.
	 */
	if (deadline == CSOCK_NOW || csi_kernel_waits(sock, deadline) || !is_under_way(result))
		return result;
	result = csi_wait(fd, POLLOUT, deadline);
	return result < 0 ? result : connection_result(fd);
}

/* Whether the kernel goes on connecting after a call with this status. */
static bool goes_on(int status)
{
	enum csock_domain domain = csock_status_domain(status);

	return domain == CSOCK_TIMEOUT || domain == CSOCK_INTERRUPTED || is_under_way(status);
}

CSI_UNGUARDED int csock_connect(struct csock_socket *sock, const struct csock_addr *addr,
				int64_t deadline)
{
	struct csock_waiter waiter;
	int fd = csi_enter(sock);

	if (fd < 0)
		return fd;
	csi_waiter_add(sock, &waiter);
	int result =
		csi_is_closed(sock) ? csi_system(EBADF) : connect_until(sock, fd, addr, deadline);
	CSI_STORE(sock->connecting, result < 0 && goes_on(result));
	csi_waiter_remove(sock, &waiter);
	if (result < 0 && csi_is_closed(sock))
		result = csi_system(EBADF);
	csi_leave(sock);
	return result;
}
