/* Sends a text to an echo server: one deadline for the name, the connection and the answer. */
#include "common.h"

static struct csock_resolution *resolution;
static struct csock_wake looked_up;

/* The resolver has no deadline, so it gets a thread, which the program need not wait for. */
static void *look_up(void *arg)
{
	const struct csock_hints hints = {.type = SOCK_STREAM};
	char **names = arg; /* host and port */
	check(names[0], csock_resolve(names[0], names[1], &hints, CSOCK_NEVER, &resolution));
	check("wake", csock_wake_set(&looked_up));
	return NULL;
}

int main(int argc, char **argv)
{
	int64_t deadline = within(10);
	struct csock_poll_item item = {.wake = &looked_up};
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	char buffer[4096];
	size_t sent = 0;
	ssize_t n;

	need_arguments(argc, 3, "HOST PORT TEXT");
	check("wake handle", csock_wake_open(&looked_up));
	pthread_t thread = start_thread(look_up, argv + 1);
	check(argv[1], csock_poll(&item, 1, deadline));
	(void)pthread_join(thread, NULL);
	csock_wake_close(&looked_up);
	check(argv[1], csock_connect_any(&sock, resolution, deadline));
	csock_resolution_free(resolution);
	check("send", csock_send_all(&sock, argv[3], strlen(argv[3]), 0, &sent, deadline));
	check("shutdown", csock_shutdown(&sock, SHUT_WR)); /* the server sees the end of the text */
	while ((n = check("receive", csock_recv(&sock, buffer, sizeof buffer, 0, deadline))) > 0)
		(void)fwrite(buffer, 1, (size_t)n, stdout);
	putchar('\n');
	return finish(&sock);
}
