/* Sends back what its clients send, over IPv6 and IPv4, until a signal comes. */
#include "server.h"

static ssize_t echo(struct csock_socket *client)
{
	char buffer[4096];
	ssize_t n;
	/* A client that is silent for too long, or does not read, has to go. */
	while ((n = csock_recv(client, buffer, sizeof buffer, 0, within(10))) > 0 &&
	       (n = csock_send_all(client, buffer, (size_t)n, 0, NULL, within(10))) == 0)
		;
	return n;
}

int main(int argc, char **argv)
{
	need_arguments(argc, 1, "PORT");
	return serve(argv[1], echo);
}
