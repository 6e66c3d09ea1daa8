/* Sends back what some 1,000 clients send, in one thread, by epoll. */
#include <sys/epoll.h>

#include "server.h"

#define PLACES 1020 /* below the 1,024 descriptors that a process usually may have */

static struct csock_socket peers[PLACES]; /* by their descriptors */

static void watch(int queue, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
	if (epoll_ctl(queue, EPOLL_CTL_ADD, fd, &event) != 0)
		err(1, "epoll_ctl");
}

static void accept_client(int queue)
{
	struct csock_socket client = CSOCK_SOCKET_INIT;
	int status = csock_accept(&listener, &client, NULL, SOCK_NONBLOCK, CSOCK_NOW);
	int fd = csock_fd(&client);
	if (tell("accept", status) == 0 && fd < PLACES) {
		peers[fd] = client;
		watch(queue, fd);
	} else {
		tell("close", csock_close(&client)); /* one too many */
	}
}

static void echo(struct csock_socket *client)
{
	char buffer[4096];
	ssize_t n = csock_recv(client, buffer, sizeof buffer, 0, CSOCK_NOW);
	/* The kernel takes more than a client may leave unread. */
	if (n <= 0 || csock_send_all(client, buffer, (size_t)n, 0, NULL, CSOCK_NOW) < 0)
		tell("close", csock_close(client));
}

int main(int argc, char **argv)
{
	need_arguments(argc, 1, "PORT");
	struct epoll_event event = {0};
	int queue = epoll_create1(EPOLL_CLOEXEC);
	start(argv[1], SOCK_STREAM);
	watch(queue, csock_fd(&listener));
	watch(queue, csock_wake_fd(&stopping));
	while (event.data.fd != csock_wake_fd(&stopping)) {
		if (epoll_wait(queue, &event, 1, -1) != 1)
			continue; /* a signal */
		if (event.data.fd == csock_fd(&listener))
			accept_client(queue);
		else if (event.data.fd != csock_wake_fd(&stopping))
			echo(&peers[event.data.fd]);
	}
	for (int fd = 0; fd < PLACES; fd++)
		tell("close", csock_close(&peers[fd]));
	(void)close(queue);
	return finish(&listener);
}
