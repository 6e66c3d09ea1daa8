/*
 * A listener for the tests of clients and servers by name.
 */
#include "server.h"

#include <stdio.h>

#define PATIENCE (20000 * MILLISECOND)
#define PORT_TEXT_MAX 8

struct csock_socket listener;
static struct csock_socket waiting[2];

const char *service(void)
{
	static char text[PORT_TEXT_MAX];
	struct csock_addr addr;

	assert_int_equal(csock_getsockname(&listener, &addr), 0);
	snprintf(text, sizeof text, "%d", csock_addr_port(&addr));
	return text;
}

int64_t soon(void)
{
	return csock_deadline_after(PATIENCE);
}

void listen_on(const char *host, const struct csock_listen_options *options)
{
	listener = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_listen_on(&listener, host, "0", options, CSOCK_NOW), 0);
}

void fill_backlog(void)
{
	const struct csock_listen_options options = {.backlog = 1};

	listen_on("127.0.0.1", &options);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_connect_to(&waiting[i], "127.0.0.1", service(), soon()), 0);
}

void empty_backlog(void)
{
	struct csock_socket connection = CSOCK_SOCKET_INIT;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_accept(&listener, &connection, NULL, 0, soon()), 0);
		assert_int_equal(csock_close(&connection), 0);
		assert_int_equal(csock_close(&waiting[i]), 0);
	}
}

struct csock_resolution *resolve_all_types(const char *host, const char *port)
{
	const struct csock_hints hints = {0};
	struct csock_resolution *resolution = NULL;

	assert_int_equal(csock_resolve(host, port, &hints, CSOCK_NOW, &resolution), 0);
	return resolution;
}
