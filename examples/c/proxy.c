/* Passes connections on to another server. */
#include "server.h"

static char **name; /* the other server's host and port */

/* Passes on what comes from one of two sockets to the other, until it ends. */
static void *pass(void *arg)
{
	struct csock_socket **ends = arg, *from = ends[0], *to = ends[1];
	char buffer[16384];
	ssize_t n;
	while ((n = csock_recv(from, buffer, sizeof buffer, 0, CSOCK_NEVER)) > 0 &&
	       (n = csock_send_all(to, buffer, (size_t)n, 0, NULL, within(10))) == 0)
		;
	/* The end is passed on; a failure ends the other direction too. */
	if (tell_client(n) < 0)
		(void)csock_shutdown(from, SHUT_RDWR);
	(void)csock_shutdown(to, n < 0 ? SHUT_RDWR : SHUT_WR);
	return NULL;
}

static ssize_t pass_both_ways(struct csock_socket *client)
{
	struct csock_socket *target = &targets[client - clients];
	struct csock_socket *there[] = {client, target}, *back[] = {target, client};
	int status = csock_connect_to(target, name[0], name[1], within(10));
	if (status == 0)
		status = csock_set_keepalive(target, &keepalive);
	if (status == 0) {
		pthread_t thread = start_thread(pass, there);
		(void)pass(back);
		(void)pthread_join(thread, NULL);
	}
	tell("close", csock_close(target));
	return status;
}

int main(int argc, char **argv)
{
	need_arguments(argc, 3, "PORT TARGET_HOST TARGET_PORT");
	name = argv + 2;
	return serve(argv[1], pass_both_ways);
}
