/*
 * Sends a message to an echo server, and prints what comes back.
 *
 *     cc echo_client.c $(pkg-config --cflags --libs csocket) -o echo_client
 *     ./echo_client localhost 50007 "Hello, world"
 */
#include <csocket/csocket.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define SECOND INT64_C(1000000000)
#define CONNECT_TIMEOUT (3 * SECOND) /* for each address of the host */
#define ECHO_TIMEOUT (10 * SECOND)   /* for all that follows */

static int failed(const char *what, int status)
{
	char text[128];

	fprintf(stderr, "echo_client: %s: %s\n", what,
		csock_status_text(status, text, sizeof text));
	return status;
}

/* 0 and a connected socket, or a failure and none. */
static int connect_to(struct csock_socket *sock, const struct csock_resolved *result)
{
	int64_t deadline = csock_deadline_after(CONNECT_TIMEOUT);
	/* Non-blocking: a connect with a deadline needs it. */
	int status =
		csock_open(sock, result->family, result->type | SOCK_NONBLOCK, result->protocol);

	if (status < 0)
		return status;
	do
		status = csock_connect(sock, &result->addr, deadline);
	while (csock_status_domain(status) == CSOCK_INTERRUPTED);
	if (status < 0)
		(void)csock_close(sock); /* nothing was sent that could be lost */
	return status;
}

/* Tries each address of the host in the resolver's order: 0, or the last failure. */
static int connect_by_name(struct csock_socket *sock, const char *host, const char *service)
{
	const struct csock_hints hints = {.family = AF_UNSPEC, .type = SOCK_STREAM};
	struct csock_resolution *resolution;
	const struct csock_resolved *result;
	int status = csock_resolve(host, service, &hints, CSOCK_NEVER, &resolution);

	if (status < 0)
		return failed(host, status);
	while ((result = csock_resolution_next(resolution))) {
		char name[128];
		status = connect_to(sock, result);
		if (status == 0)
			break;
		csock_addr_format(&result->addr, NULL, name, sizeof name);
		failed(name, status);
	}
	csock_resolution_free(resolution);
	return status;
}

static int send_message(struct csock_socket *sock, const char *message, int64_t deadline)
{
	size_t sent = 0;
	int status;

	/* After an interruption the same call goes on from where it was. */
	do
		status = csock_send_all(sock, message, strlen(message), MSG_NOSIGNAL, &sent,
					deadline);
	while (csock_status_domain(status) == CSOCK_INTERRUPTED);
	if (status < 0)
		return failed("send", status);
	/* The server sees the end of the message, and will end too. */
	status = csock_shutdown(sock, SHUT_WR);
	return status < 0 ? failed("shutdown", status) : 0;
}

static int print_reply(struct csock_socket *sock, int64_t deadline)
{
	char buffer[4096];

	for (;;) {
		ssize_t n = csock_recv(sock, buffer, sizeof buffer, 0, deadline);
		if (n == 0)
			break;
		if (n > 0) {
			fwrite(buffer, 1, (size_t)n, stdout);
			continue;
		}
		if (csock_status_domain((int)n) != CSOCK_INTERRUPTED)
			return failed("receive", (int)n);
	}
	putchar('\n');
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	perror("echo_client: output");
	return -1;
}

int main(int argc, char **argv)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	if (argc != 4) {
		fprintf(stderr, "usage: echo_client HOST PORT MESSAGE\n");
		return 2;
	}
	if (connect_by_name(&sock, argv[1], argv[2]) < 0)
		return 1;
	int64_t deadline = csock_deadline_after(ECHO_TIMEOUT);
	int status = send_message(&sock, argv[3], deadline);
	if (status == 0)
		status = print_reply(&sock, deadline);
	int closed = csock_close(&sock);
	if (closed < 0)
		failed("close", closed);
	return status < 0 || closed < 0;
}
