/*
 * What the kernel has of the options that are not just a number.
 */
#include "support.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

/* An unreachable port is told to a connected UDP socket. */
static void test_take_error_of_a_datagram(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 0);

	(void)state;
	assert_int_equal(csock_open(&a, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_open(&b, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(&b, &addr), 0);
	assert_int_equal(csock_getsockname(&b, &addr), 0);
	assert_int_equal(csock_close(&b), 0);
	assert_int_equal(csock_connect(&a, &addr, CSOCK_NEVER), 0);
	assert_int_equal(csock_send(&a, "x", 1, 0, CSOCK_NEVER), 1);
	int result = 0;
	for (int i = 0; i < 1000 && result == 0; i++)
		result = csock_take_error(&a);
	assert_errno(result, ECONNREFUSED);
	assert_int_equal(csock_take_error(&a), 0);
	assert_int_equal(csock_close(&a), 0);
}

/* The kernel forgets the error of a connection. */
static void test_an_error_is_taken_once(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, listener;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_close(&listener), 0);
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
	int result = csock_connect(&sock, &addr, CSOCK_NOW);
	for (int i = 0; i < 1000 && csock_status_is(result, EINPROGRESS); i++)
		result = csock_take_error(&sock) == 0 ? result : 0;
	assert_true(result == 0 || csock_status_is(result, ECONNREFUSED));
	assert_int_equal(csock_take_error(&sock), 0);
	assert_int_equal(csock_close(&sock), 0);
}

static void assert_tcp(struct csock_socket *sock, int option, int expected)
{
	int64_t value = -1;

	assert_int_equal(csock_get_int(sock, IPPROTO_TCP, option, &value), 0);
	assert_int_equal(value, expected);
}

static void test_keepalive(void **state)
{
	const struct csock_keepalive all = {.idle = 60, .interval = 10, .probes = 3};
	const struct csock_keepalive one = {.interval = 20};
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_set_keepalive(&sock, &all), 0);
	assert_int_equal(csock_set_keepalive(&sock, &one), 0);
	assert_tcp(&sock, TCP_KEEPIDLE, 60);
	assert_tcp(&sock, TCP_KEEPINTVL, 20);
	assert_tcp(&sock, TCP_KEEPCNT, 3);
	assert_int_equal(csock_close(&sock), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take_error_of_a_datagram),
		cmocka_unit_test(test_an_error_is_taken_once),
		cmocka_unit_test(test_keepalive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
