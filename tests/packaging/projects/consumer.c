/* A program in C and C++: both ways to initialise a socket, and the inline functions. */
#include <csocket/csocket.h>

static bool is_closed(const struct csock_socket *sock)
{
	return csock_fd(sock) == CSOCK_NO_HANDLE && !csock_is_nonblocking(sock);
}

static int open_and_close(struct csock_socket *sock)
{
	int status = csock_open(sock, AF_INET, SOCK_STREAM, 0);

	if (status < 0 || csock_fd(sock) == CSOCK_NO_HANDLE)
		return -1;
	return csock_close(sock);
}

int main(void)
{
	struct csock_socket defined = CSOCK_SOCKET_INIT;
	struct csock_socket made;

	csock_socket_init(&made);
	if (!is_closed(&defined) || !is_closed(&made))
		return 1;
	return open_and_close(&defined) == 0 && open_and_close(&made) == 0 ? 0 : 2;
}
