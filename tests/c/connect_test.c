/*
 * Connecting and accepting, with deadlines and signals.
 */
#include "support.h"

#include <errno.h>
#include <string.h>

static void connect_and_accept(int family)
{
	struct csock_socket listener, client = CSOCK_SOCKET_INIT, server = CSOCK_SOCKET_INIT;
	struct csock_addr addr, peer, own;

	open_listener(&listener, family, &addr);
	assert_int_equal(csock_open(&client, family, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, CSOCK_NEVER), 0);
	assert_int_equal(csock_accept(&listener, &server, &peer, 0, CSOCK_NEVER), 0);
	assert_int_equal(csock_getsockname(&client, &own), 0);
	assert_true(csock_addr_equal(&own, &peer));
	assert_int_equal(csock_getpeername(&client, &own), 0);
	assert_true(csock_addr_equal(&own, &addr));
	assert_int_equal(server.family, family);
	assert_int_equal(server.type, SOCK_STREAM);
	assert_false(server.nonblocking);
	assert_int_equal(csock_get_inheritable(&server), 0);
	assert_int_equal(csock_close(&server), 0);
	assert_int_equal(csock_close(&client), 0);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_connections(void **state)
{
	(void)state;
	connect_and_accept(AF_INET);
	connect_and_accept(AF_INET6);
}

static void test_accept_deadline(void **state)
{
	struct csock_socket listener, other = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_set_blocking(&listener, false), 0);
	assert_errno(csock_accept(&listener, &other, NULL, 0, CSOCK_NOW), EAGAIN);
	int64_t deadline = csock_deadline_after(30 * MILLISECOND);
	assert_domain(csock_accept(&listener, &other, NULL, 0, deadline), CSOCK_TIMEOUT);
	assert_true(csock_clock() >= deadline);
	assert_int_equal(csock_fd(&other), -1);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_refused_connection(void **state)
{
	struct csock_socket listener, client = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_close(&listener), 0);
	assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM, 0), 0);
	assert_errno(csock_connect(&client, &addr, CSOCK_NEVER), ECONNREFUSED);
	assert_int_equal(csock_close(&client), 0);
	/* Even if the deadline is very near, a failure that comes at once is reported. */
	assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
	assert_errno(csock_connect(&client, &addr, csock_deadline_after(1)), ECONNREFUSED);
	assert_int_equal(csock_close(&client), 0);
}

static void test_connect_goes_on_after_a_timeout(void **state)
{
	struct csock_socket listener, clients[3], server = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	fill_queue(&listener, clients, 3, &addr);
	int64_t deadline = csock_deadline_after(30 * MILLISECOND);
	assert_domain(csock_connect(&clients[2], &addr, deadline), CSOCK_TIMEOUT);
	assert_true(csock_clock() >= deadline);
	/* Once the queue has room, the same attempt succeeds. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_accept(&listener, &server, NULL, 0, CSOCK_NEVER), 0);
		assert_int_equal(csock_close(&server), 0);
	}
	assert_int_equal(
		csock_connect(&clients[2], &addr, csock_deadline_after(5000 * MILLISECOND)), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(csock_close(&clients[i]), 0);
	assert_int_equal(csock_close(&listener), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_accept_deadline),
		cmocka_unit_test(test_refused_connection),
		cmocka_unit_test(test_connect_goes_on_after_a_timeout),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
