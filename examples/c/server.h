/* What the servers share: SIGINT and SIGTERM end them, and threads serve their clients. */
#include <signal.h>

#include "common.h"

#define THREADS 32

/* Whoever is silent may stay, but not whoever is gone. The listener's clients inherit this. */
static const struct csock_keepalive keepalive = {.idle = 60, .interval = 10, .probes = 6};
static struct csock_socket listener, clients[THREADS], targets[THREADS]; /* of a proxy */
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

/* Tells one client's trouble, which is not the server's. When the server ends it is none. */
static inline ssize_t tell_client(ssize_t result)
{
	bool ends = csock_fd(&listener) == CSOCK_NO_HANDLE ||
		    csock_status_domain(result) == CSOCK_INTERRUPTED;
	return ends ? result : tell("client", result);
}

static inline void *serve_clients(void *client)
{
	while (csock_fd(&listener) != CSOCK_NO_HANDLE) {
		int status = csock_accept(&listener, client, NULL, SOCK_NONBLOCK, CSOCK_NEVER);
		if (tell_client(status) == 0)
			tell_client(talk(client));
		else
			usleep(10000); /* too many files are open, perhaps */
		tell("close", csock_close(client));
	}
	return NULL;
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
	struct csock_poll_item signalled = {.wake = &stopping};
	pthread_t threads[THREADS];
	talk = how;
	start(port, SOCK_STREAM);
	for (int i = 0; i < THREADS; i++)
		threads[i] = start_thread(serve_clients, &clients[i]);
	while (csock_poll(&signalled, 1, CSOCK_NEVER) < 0)
		; /* the signal itself */
	/* That ends the threads' calls. */
	tell("close", csock_close_wait(&listener, CSOCK_NEVER));
	for (int i = 0; i < THREADS; i++) {
		tell("close", csock_close_wait(&clients[i], CSOCK_NEVER));
		tell("close", csock_close_wait(&targets[i], CSOCK_NEVER));
	}
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
	return finish(&listener);
}
