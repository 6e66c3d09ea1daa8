/* Sends each datagram back from the address that it was sent to, over IPv6 and IPv4. */
#include <netinet/in.h>

#include "server.h"

static void answer(struct csock_socket *sock)
{
	size_t control[16];
	char data[65536];
	struct csock_buffer buffer = {data, sizeof data};
	struct csock_received got = {.control = control, .control_size = sizeof control};
	ssize_t n = csock_recvmsg(sock, &buffer, 1, 0, &got, CSOCK_NOW);
	buffer.size = (size_t)n;
	/* What the kernel told is an IPV6_PKTINFO, and tells it where the answer comes from. */
	if (n >= 0)
		n = csock_sendmsg(sock, &buffer, 1, control, got.control_size, 0, &got.from,
				  within(1));
	tell("client", n);
}

int main(int argc, char **argv)
{
	need_arguments(argc, 1, "PORT");
	start(argv[1], SOCK_DGRAM);
	check("pktinfo", csock_set_int(&listener, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
	int status;
	while ((status = csock_wait_or_wake(&listener, POLLIN, &stopping, CSOCK_NEVER)) != 0)
		if (status > 0)
			answer(&listener);
	return finish(&listener);
}
