/*
 * Sends back what it receives, over IPv6 and IPv4 on one port, one client after the other, until
 * it gets SIGINT or SIGTERM.
 *
 *     cc echo_server.c $(pkg-config --cflags --libs csocket) -o echo_server
 *     ./echo_server 50007
 */
#include <csocket/csocket.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define SECOND INT64_C(1000000000)
#define IDLE_TIMEOUT (10 * SECOND) /* a client that is silent for longer has to go */
#define BACKLOG 16

static volatile sig_atomic_t stopping;

static void stop(int signal_number)
{
	(void)signal_number;
	stopping = 1;
}

/* Without SA_RESTART, so that the call that waits comes back with CSOCK_INTERRUPTED. */
static int handle_signals(void)
{
	struct sigaction action = {.sa_handler = stop};

	if (sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0)
		return 0;
	perror("echo_server: sigaction");
	return -1;
}

static int failed(const char *what, int status)
{
	char text[128];

	fprintf(stderr, "echo_server: %s: %s\n", what,
		csock_status_text(status, text, sizeof text));
	return status;
}

static int set_option(struct csock_socket *sock, int level, int option, int value)
{
	return csock_setsockopt(sock, level, option, &value, sizeof value);
}

/* An IPv6 socket that takes IPv4 clients too, or an IPv4 socket: 0, or a failure and none. */
static int listen_at(struct csock_socket *sock, const struct csock_resolved *local)
{
	int status = csock_open(sock, local->family, local->type, local->protocol);

	if (status == 0 && local->family == AF_INET6)
		status = set_option(sock, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	if (status == 0)
		status = set_option(sock, SOL_SOCKET, SO_REUSEADDR, 1);
	if (status == 0)
		status = csock_bind(sock, &local->addr);
	if (status == 0)
		status = csock_listen(sock, BACKLOG);
	if (status < 0)
		(void)csock_close(sock); /* what failed before is what counts */
	return status;
}

/* Listens at the wildcard address of a family. */
static int listen_on(struct csock_socket *sock, int family, const char *service)
{
	const struct csock_hints hints = {
		.family = family,
		.type = SOCK_STREAM,
		.flags = AI_PASSIVE,
	};
	struct csock_resolution *resolution;
	int status = csock_resolve(NULL, service, &hints, CSOCK_NEVER, &resolution);

	if (status < 0)
		return status;
	/* A success has at least one result; without a host there is one for each family. */
	status = listen_at(sock, csock_resolution_next(resolution));
	csock_resolution_free(resolution);
	return status;
}

/* Whether a failure says that this machine is without the family. */
static bool is_without_family(int status)
{
	int code = csock_status_code(status);

	if (csock_status_domain(status) == CSOCK_RESOLVER)
		return code == EAI_FAMILY || code == EAI_NONAME;
	return csock_status_domain(status) == CSOCK_SYSTEM &&
	       (code == EAFNOSUPPORT || code == EADDRNOTAVAIL);
}

static int start(struct csock_socket *sock, const char *service)
{
	struct csock_addr local;
	char name[128];
	int status = listen_on(sock, AF_INET6, service);

	if (status < 0 && is_without_family(status))
		status = listen_on(sock, AF_INET, service);
	if (status < 0)
		return failed("cannot listen", status);
	status = csock_getsockname(sock, &local);
	if (status < 0) {
		(void)csock_close(sock);
		return failed("getsockname", status);
	}
	printf("listening at %s\n", csock_addr_format(&local, sock, name, sizeof name));
	fflush(stdout);
	return 0;
}

/* Until the client ends: 0, or a failure. */
static int echo(struct csock_socket *connection)
{
	char buffer[4096];

	while (!stopping) {
		ssize_t n = csock_recv(connection, buffer, sizeof buffer, 0,
				       csock_deadline_after(IDLE_TIMEOUT));
		if (n == 0)
			return 0;
		if (n < 0 && csock_status_domain((int)n) == CSOCK_INTERRUPTED)
			continue;
		if (n < 0)
			return (int)n;
		int64_t deadline = csock_deadline_after(IDLE_TIMEOUT);
		size_t sent = 0;
		int status;
		/* MSG_NOSIGNAL: a client that is gone shows as EPIPE, and not as a signal. */
		do
			status = csock_send_all(connection, buffer, (size_t)n, MSG_NOSIGNAL, &sent,
						deadline);
		while (!stopping && csock_status_domain(status) == CSOCK_INTERRUPTED);
		if (status < 0)
			return status;
	}
	return 0;
}

/* Whether accept should just be called again: a signal, or a client that went before its turn. */
static bool is_passing(int status)
{
	enum csock_domain domain = csock_status_domain(status);

	return domain == CSOCK_INTERRUPTED ||
	       (domain == CSOCK_SYSTEM && csock_status_code(status) == ECONNABORTED);
}

/* Serves clients until a signal comes: 0, or what ended accepting. */
static int serve(struct csock_socket *listener)
{
	while (!stopping) {
		struct csock_socket connection = CSOCK_SOCKET_INIT;
		struct csock_addr peer;
		char name[128];
		int status = csock_accept(listener, &connection, &peer, 0, CSOCK_NEVER);

		if (is_passing(status))
			continue;
		if (status < 0)
			return failed("accept", status);
		csock_addr_format(&peer, &connection, name, sizeof name);
		printf("connected by %s\n", name);
		fflush(stdout);
		/* One client's trouble is not the server's. */
		status = echo(&connection);
		if (status < 0)
			failed(name, status);
		status = csock_close(&connection);
		if (status < 0)
			failed(name, status);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct csock_socket listener = CSOCK_SOCKET_INIT;

	if (argc != 2) {
		fprintf(stderr, "usage: echo_server PORT\n");
		return 2;
	}
	if (handle_signals() < 0 || start(&listener, argv[1]) < 0)
		return 1;
	int status = serve(&listener);
	int closed = csock_close(&listener);
	if (closed < 0)
		failed("close", closed);
	return status < 0 || closed < 0;
}
