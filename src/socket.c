/*
 * Opening, adopting, binding and closing sockets.
 */
#include "csocket/socket.h"

#include <assert.h>

#include "failure.h"
#include "inflight.h"
#include "platform/calls.h"
#include "platform/compiler.h"
#include "platform/platform.h"

static struct csi_identity identity_of(int family, int type, int protocol)
{
	const struct csock_family *row = csock_family_find(family, protocol);
	struct csi_identity identity = {
		.family = family,
		.protocol = protocol,
		.unbounded_calls = row && row->unbounded_calls,
		.slow_close = !row || !row->opens_and_closes_at_once,
	};

	identity.type = csi_platform_socket_type(type, &identity.nonblocking);
	return identity;
}

/* Takes over a new descriptor; closes it if that fails. */
static int install(struct csock_socket *sock, csock_handle fd, int family, int type, int protocol)
{
	const struct csi_identity identity = identity_of(family, type, protocol);
	int result = csi_install(sock, fd, &identity);

	if (result < 0)
		(void)csock_descriptor_close(fd);
	return result;
}

int csock_open(struct csock_socket *sock, int family, int type, int protocol)
{
	CSI_NEED(sock);
	csock_handle fd;
	int result = csi_platform_socket(family, type, protocol, &fd);

	return result < 0 ? result : install(sock, fd, family, type, protocol);
}

int csock_open_pair(struct csock_socket *a, struct csock_socket *b, int family, int type,
		    int protocol)
{
	CSI_NEED(a, b);
	csock_handle fds[2];
	int result = csi_platform_socketpair(family, type, protocol, fds);

	if (result < 0)
		return result;
	result = install(a, fds[0], family, type, protocol);
	if (result < 0) {
		(void)csock_descriptor_close(fds[1]);
		return result;
	}
	result = install(b, fds[1], family, type, protocol);
	if (result < 0)
		(void)csock_close(a);
	return result;
}

/* getsockname() fails with ENOTSOCK for other files, and with another error for some sockets. */
static int check_is_socket(csock_handle fd)
{
	struct sockaddr_storage name;
	socklen_t length = sizeof name;

	if (getsockname(fd, (struct sockaddr *)&name, &length) == 0)
		return 0;
	int result = csi_failure();
	return csi_is_system(result, EBADF) || csi_is_system(result, ENOTSOCK) ? result : 0;
}

int csock_adopt(struct csock_socket *sock, csock_handle fd, int family, int type, int protocol)
{
	CSI_NEED(sock);
	int real_family = family, real_type = type, real_protocol = protocol;
	csi_platform_start();
	int result = check_is_socket(fd);

	if (result == 0 && (family == CSOCK_ASK || type == CSOCK_ASK || protocol == CSOCK_ASK))
		result = csi_platform_socket_identity(fd, &real_family, &real_type, &real_protocol);
	if (result < 0)
		return result;
	struct csi_identity identity = identity_of(
		family == CSOCK_ASK ? real_family : family, type == CSOCK_ASK ? real_type : type,
		protocol == CSOCK_ASK ? real_protocol : protocol);
	/* Its former owner may have set SO_LINGER. */
	identity.slow_close = true;
	return csi_install(sock, fd, &identity);
}

csock_handle csock_detach(struct csock_socket *sock)
{
	assert(sock);
	assert(csi_check_place(sock) == 0);
	return csi_withdraw(sock);
}

int csock_move(struct csock_socket *to, struct csock_socket *from)
{
	CSI_NEED(to, from);
	const struct csi_identity identity = csi_identity_of(from);
	int result = CSI_DEBUG ? csi_check_place(from) : 0;

	if (result < 0)
		return result;
	if (csi_is_occupied(from))
		return csock_status_make(CSOCK_IN_USE, 0);
	csock_handle fd = csi_withdraw(from);
	if (fd == CSOCK_NO_HANDLE)
		return csi_system(EBADF);
	result = csi_is_occupied(from) ? csock_status_make(CSOCK_IN_USE, 0)
				       : csi_install(to, fd, &identity);
	if (result < 0)
		__atomic_store_n(&from->descriptor, fd + 1, __ATOMIC_SEQ_CST);
	return result;
}

int csock_duplicate(struct csock_socket *sock, csock_handle *duplicate)
{
	CSI_NEED(sock, duplicate);
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = csi_platform_duplicate(fd, duplicate);
	csi_leave(sock);
	return result;
}

int csock_descriptor_duplicate(csock_handle fd, csock_handle *duplicate)
{
	CSI_NEED(duplicate);
	return csi_platform_duplicate(fd, duplicate);
}

int csock_descriptor_file_id(csock_handle fd, struct csock_file_id *id)
{
	CSI_NEED(id);
	return csi_platform_file_id(fd, &id->device, &id->inode);
}

int csock_get_inheritable(struct csock_socket *sock)
{
	CSI_NEED(sock);
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = csi_platform_get_inheritable(fd);
	csi_leave(sock);
	return result;
}

int csock_set_inheritable(struct csock_socket *sock, bool inheritable)
{
	CSI_NEED(sock);
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = csi_platform_set_inheritable(fd, inheritable);
	csi_leave(sock);
	return result;
}

int csock_set_blocking(struct csock_socket *sock, bool blocking)
{
	CSI_NEED(sock);
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	/* No try of another thread may end meanwhile, and restore the former mode. */
	csi_platform_try_begin(fd);
	result = csi_platform_set_nonblocking(fd, !blocking);
	if (result == 0)
		CSI_STORE(sock->nonblocking, !blocking);
	csi_platform_try_end(fd, CSI_LOAD(sock->nonblocking));
	csi_leave(sock);
	return result;
}

int csock_bind(struct csock_socket *sock, const struct csock_addr *addr)
{
	CSI_NEED(sock, addr);
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = bind(fd, (const struct sockaddr *)&addr->raw, (socklen_t)addr->length);
	if (result < 0)
		result = csi_failure();
	csi_leave(sock);
	return result;
}

int csock_listen(struct csock_socket *sock, int backlog)
{
	CSI_NEED(sock);
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = listen(fd, backlog) == 0 ? 0 : csi_failure();
	csi_leave(sock);
	return result;
}

int csock_shutdown(struct csock_socket *sock, int how)
{
	CSI_NEED(sock);
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = shutdown(fd, how) == 0 ? 0 : csi_failure();
	csi_leave(sock);
	return result;
}

static int ask_name(struct csock_socket *sock, struct csock_addr *addr,
		    int (*ask)(csock_handle, struct sockaddr *, socklen_t *))
{
	socklen_t length = sizeof addr->raw;
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = ask(fd, (struct sockaddr *)&addr->raw, &length);
	if (result < 0)
		result = csi_failure();
	else
		addr->length = csi_address_length(length);
	csi_leave(sock);
	return result;
}

static int ask_own_name(csock_handle fd, struct sockaddr *addr, socklen_t *length)
{
	return getsockname(fd, addr, length);
}

static int ask_peer_name(csock_handle fd, struct sockaddr *addr, socklen_t *length)
{
	return getpeername(fd, addr, length);
}

int csock_getsockname(struct csock_socket *sock, struct csock_addr *addr)
{
	CSI_NEED(sock, addr);
	return ask_name(sock, addr, ask_own_name);
}

int csock_getpeername(struct csock_socket *sock, struct csock_addr *addr)
{
	CSI_NEED(sock, addr);
	return ask_name(sock, addr, ask_peer_name);
}
