/* What the servers share: SIGINT and SIGTERM end them, and threads serve their clients. */
#include <signal.h>

#include "common.h"

#define THREADS 32

/* Whoever is silent may stay, but not whoever is gone. The listener's clients inherit this. */
static const struct csock_keepalive keepalive = {.idle = 60, .interval = 10, .probes = 6};
static struct csock_socket listener;
static ssize_t (*talk)(struct csock_socket *client); /* serves one: 0 or more, or a failure */
/* Set by the signal, and open to the end, because a signal may come until then. */
static struct csock_wake stopping;

static inline void stop(int number)
{
	(void)number;
	(void)csock_wake_set(&stopping);
}

/* Opens the listener, and tells where it listens. */
static inline void start(const char *port, int type)
{
	const struct csock_listen_options options = {.type = type, .nonblocking = true};
	char text[CSOCK_ADDRESS_TEXT_MAX];
	struct csock_addr addr;
	check("listen", csock_listen_on(&listener, NULL, port, &options, CSOCK_NEVER));
	if (type == SOCK_STREAM)
		check("keepalive", csock_set_keepalive(&listener, &keepalive));
	check("own address", csock_getsockname(&listener, &addr));
	check("wake handle", csock_wake_open(&stopping));
	if (signal(SIGINT, stop) == SIG_ERR || signal(SIGTERM, stop) == SIG_ERR)
		err(1, "signal");
	printf("listening at %s\n", csock_addr_text(&addr, &listener, text, sizeof text));
	(void)fflush(stdout); /* finish() tells a failure */
}

/* Waits for something to receive: above 0; 0 if the server is to stop; or a failure. */
static inline int wait_or_stop(struct csock_socket *sock, int64_t deadline)
{
	int status;
	do
		status = csock_wait_or_wake(sock, POLLIN, &stopping, deadline);
	while (csock_status_domain(status) == CSOCK_INTERRUPTED);
	return status;
}

static inline void *serve_clients(void *arg)
{
	struct csock_socket client = CSOCK_SOCKET_INIT;
	while (check("wait", wait_or_stop(&listener, CSOCK_NEVER)) > 0) {
		int status = csock_accept(&listener, &client, NULL, SOCK_NONBLOCK, CSOCK_NOW);
		if (csock_status_would_wait(status))
			continue; /* another thread was faster */
		/* One client's trouble is not the server's. */
		if (tell("accept", status) == 0)
			tell("client", talk(&client));
		tell("close", csock_close(&client));
	}
	return arg;
}

static inline pthread_t start_thread(void *(*run)(void *), void *arg)
{
	pthread_t thread;
	if ((errno = pthread_create(&thread, NULL, run, arg)) != 0)
		err(1, "thread");
	return thread;
}

/* Serves as many clients at a time as there are threads, until a signal comes. */
static inline int serve(const char *port, ssize_t (*how)(struct csock_socket *client))
{
	pthread_t threads[THREADS];
	talk = how;
	start(port, SOCK_STREAM);
	for (int i = 0; i < THREADS; i++)
		threads[i] = start_thread(serve_clients, NULL);
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	return finish(&listener);
}
