/*
 * The platform contract on Windows: two connected sockets, by a connection over the loopback
 * interface.
 */
#include <string.h>

#include "failure.h"
#include "platform/platform.h"
#include "platform/windows.h"

typedef int (*ask_name)(SOCKET fd, struct sockaddr *name, int *length);

/* Listens at a free port of the loopback address, which *name gets: 0, or SOCKET_ERROR. */
static int listen_on_loopback(SOCKET fd, int family, struct sockaddr_storage *name, int *length)
{
	memset(name, 0, sizeof *name);
	name->ss_family = (__typeof__(name->ss_family))family;
	if (family == AF_INET) {
		((struct sockaddr_in *)name)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		*length = sizeof(struct sockaddr_in);
	} else {
		((struct sockaddr_in6 *)name)->sin6_addr.s6_addr[15] = 1;
		*length = sizeof(struct sockaddr_in6);
	}
	if (bind(fd, (const struct sockaddr *)name, *length) != 0 || listen(fd, 1) != 0)
		return SOCKET_ERROR;
	return getsockname(fd, (struct sockaddr *)name, length);
}

/* Whether what one end calls itself is what the other end calls its peer. */
static bool names_match(SOCKET one, ask_name own, SOCKET other, ask_name peer)
{
	struct sockaddr_storage names[2];
	int lengths[2] = {sizeof names[0], sizeof names[1]};

	memset(names, 0, sizeof names);
	return own(one, (struct sockaddr *)&names[0], &lengths[0]) == 0 &&
	       peer(other, (struct sockaddr *)&names[1], &lengths[1]) == 0 &&
	       lengths[0] == lengths[1] && memcmp(&names[0], &names[1], sizeof names[0]) == 0;
}

/* Any program of this machine may connect while the port is open. */
static bool belong_together(const csock_handle fds[2])
{
	return names_match(fds[0], getsockname, fds[1], getpeername) &&
	       names_match(fds[1], getsockname, fds[0], getpeername);
}

/* Connects fds[1] to the listener, and accepts the connection as fds[0]. */
static int join(SOCKET listener, int family, bool nonblocking, csock_handle fds[2])
{
	struct sockaddr_storage name;
	int length;

	if (listen_on_loopback(listener, family, &name, &length) != 0 ||
	    connect(fds[1], (const struct sockaddr *)&name, length) != 0)
		return csi_failure();
	int result =
		csi_platform_accept(listener, NULL, NULL, nonblocking ? SOCK_NONBLOCK : 0, &fds[0]);
	if (result < 0)
		return result;
	if (belong_together(fds))
		result = nonblocking ? csi_platform_set_nonblocking(fds[1], true) : 0;
	else
		result = csi_system(ECONNABORTED);
	if (result < 0)
		(void)closesocket(fds[0]);
	return result;
}

int csi_platform_socketpair(int family, int type, int protocol, csock_handle fds[2])
{
	bool nonblocking;
	csock_handle listener;

	type = csi_platform_socket_type(type, &nonblocking);
	if (family != AF_INET && family != AF_INET6)
		return csi_system(EAFNOSUPPORT);
	if (type != SOCK_STREAM)
		return csi_system(ESOCKTNOSUPPORT);
	int result = csi_platform_socket(family, type, protocol, &listener);
	if (result < 0)
		return result;
	result = csi_platform_socket(family, type, protocol, &fds[1]);
	if (result == 0) {
		result = join(listener, family, nonblocking, fds);
		if (result < 0)
			(void)closesocket(fds[1]);
	}
	(void)closesocket(listener);
	return result;
}
