/* Passes connections on to another server. */
#include "server.h"

static char **target; /* host and port */

/* Passes on what comes from one of two sockets to the other, until it ends. */
static void *pass(void *arg)
{
	struct csock_socket **ends = arg, *from = ends[0], *to = ends[1];
	char buffer[16384];
	size_t sent = 0;
	ssize_t n = 0;
	while (n == 0 && (n = wait_or_stop(from, CSOCK_NEVER)) > 0 &&
	       (n = csock_recv(from, buffer, sizeof buffer, 0, within(10))) > 0) {
		n = csock_send_all(to, buffer, (size_t)n, 0, &sent, within(10));
		sent = 0;
	}
	/* The end is passed on; a failure ends the other direction too. */
	if (tell("pass", n) < 0)
		(void)csock_shutdown(from, SHUT_RDWR);
	(void)csock_shutdown(to, n < 0 ? SHUT_RDWR : SHUT_WR);
	return NULL;
}

static ssize_t pass_both_ways(struct csock_socket *client)
{
	struct csock_socket server = CSOCK_SOCKET_INIT;
	struct csock_socket *there[] = {client, &server}, *back[] = {&server, client};
	int status = csock_connect_to(&server, target[0], target[1], within(10));
	if (status == 0)
		status = csock_set_keepalive(&server, &keepalive);
	if (status == 0) {
		pthread_t thread = start_thread(pass, there);
		(void)pass(back);
		(void)pthread_join(thread, NULL);
	}
	tell("close", csock_close(&server));
	return status;
}

int main(int argc, char **argv)
{
	need_arguments(argc, 3, "PORT TARGET_HOST TARGET_PORT");
	target = argv + 2;
	return serve(argv[1], pass_both_ways);
}
