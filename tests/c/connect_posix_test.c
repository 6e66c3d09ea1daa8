/*
 * Connecting and accepting among signals, and over AF_UNIX.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* After this time a signal interrupts a call that should have ended by itself. */
#define WATCHDOG (9000 * MILLISECOND)

/* In blocking mode a call with a deadline waits for a connection before it accepts one. */
static void test_accept_deadline_in_blocking_mode(void **state)
{
	struct csock_socket listener, client = CSOCK_SOCKET_INIT, server = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_errno(csock_accept(&listener, &server, NULL, 0, CSOCK_NOW), EAGAIN);
	int64_t deadline = csock_deadline_after(400 * MILLISECOND);
	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_accept(&listener, &server, NULL, 0, deadline), CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_domain(csock_accept(&listener, &server, NULL, 0, deadline), CSOCK_TIMEOUT);
	assert_true(csock_clock() >= deadline);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM, 0), 0);
		assert_int_equal(csock_connect(&client, &addr, CSOCK_NEVER), 0);
		deadline = i ? CSOCK_NOW : csock_deadline_after(9000 * MILLISECOND);
		assert_int_equal(csock_accept(&listener, &server, NULL, 0, deadline), 0);
		assert_int_equal(csock_close(&server), 0);
		assert_int_equal(csock_close(&client), 0);
	}
	assert_int_equal(csock_close(&listener), 0);
}

/* Another owner of the descriptor may have changed its mode. */
static void test_accept_on_descriptor_that_blocks(void **state)
{
	struct csock_socket listener, other = CSOCK_SOCKET_INIT, client = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_set_blocking(&listener, false), 0);
	assert_int_equal(fcntl(csock_fd(&listener), F_SETFL, 0), 0);
	/* Without the check it would wait for ever. */
	(void)alarm(10);
	assert_errno(csock_accept(&listener, &other, NULL, 0, CSOCK_NOW), EAGAIN);
	int64_t deadline = csock_deadline_after(30 * MILLISECOND);
	assert_domain(csock_accept(&listener, &other, NULL, 0, deadline), CSOCK_TIMEOUT);
	assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, CSOCK_NEVER), 0);
	assert_int_equal(csock_accept(&listener, &other, NULL, 0, CSOCK_NOW), 0);
	(void)alarm(0);
	assert_int_equal(csock_close(&other), 0);
	assert_int_equal(csock_close(&client), 0);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_accept_is_interrupted(void **state)
{
	struct csock_socket listener, other = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_accept(&listener, &other, NULL, 0, CSOCK_NEVER), CSOCK_INTERRUPTED);
	assert_int_equal(csock_set_blocking(&listener, false), 0);
	int64_t deadline = csock_deadline_after(400 * MILLISECOND);
	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_accept(&listener, &other, NULL, 0, deadline), CSOCK_INTERRUPTED);
	interrupt_every(0);
	/* The same call with the same deadline waits only for the rest of the time. */
	assert_domain(csock_accept(&listener, &other, NULL, 0, deadline), CSOCK_TIMEOUT);
	assert_true(csock_clock() < deadline + WATCHDOG);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_connect_goes_on_after_a_signal(void **state)
{
	struct csock_socket listener, clients[3];
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	fill_queue(&listener, clients, 3, &addr);
	int64_t deadline = csock_deadline_after(400 * MILLISECOND);
	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_connect(&clients[2], &addr, deadline), CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_domain(csock_connect(&clients[2], &addr, deadline), CSOCK_TIMEOUT);
	for (int i = 0; i < 3; i++)
		assert_int_equal(csock_close(&clients[i]), 0);
	assert_int_equal(csock_close(&listener), 0);
}

/*
 * An attempt begins in non-blocking mode, and goes on after the mode has changed: the deadline
 * holds, and the call returns how the attempt ended.
 */
static void test_connect_goes_on_in_blocking_mode(void **state)
{
	struct csock_socket listener, clients[3], server = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	fill_queue(&listener, clients, 3, &addr);
	assert_int_equal(csock_set_blocking(&clients[2], true), 0);
	assert_errno(csock_connect(&clients[2], &addr, CSOCK_NOW), EALREADY);
	int64_t deadline = csock_deadline_after(400 * MILLISECOND);
	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_connect(&clients[2], &addr, deadline), CSOCK_INTERRUPTED);
	interrupt_every(0);
	/* A watchdog, in case the deadline is not kept. */
	interrupt_every(WATCHDOG);
	assert_domain(csock_connect(&clients[2], &addr, deadline), CSOCK_TIMEOUT);
	interrupt_every(0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_accept(&listener, &server, NULL, 0, CSOCK_NEVER), 0);
		assert_int_equal(csock_close(&server), 0);
	}
	deadline = csock_deadline_after(9000 * MILLISECOND);
	assert_int_equal(csock_connect(&clients[2], &addr, deadline), 0);
	/* If poll(2) told of the connection, connect(2) succeeds once. */
	(void)csock_connect(&clients[2], &addr, deadline);
	assert_errno(csock_connect(&clients[2], &addr, deadline), EISCONN);
	for (int i = 0; i < 3; i++)
		assert_int_equal(csock_close(&clients[i]), 0);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_unix_connections(void **state)
{
	struct csock_socket listener = CSOCK_SOCKET_INIT, client = CSOCK_SOCKET_INIT;
	struct csock_socket server = CSOCK_SOCKET_INIT;
	/* The address is only the family: the kernel chooses an abstract name. */
	struct csock_addr addr = {.length = sizeof(sa_family_t)}, peer;
	const sa_family_t family = AF_UNIX;

	(void)state;
	memcpy(&addr.raw, &family, sizeof family);
	assert_int_equal(csock_open(&listener, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_bind(&listener, &addr), 0);
	assert_int_equal(csock_listen(&listener, 1), 0);
	assert_int_equal(csock_getsockname(&listener, &addr), 0);
	assert_true(addr.length > sizeof family);
	assert_int_equal(csock_open(&client, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, CSOCK_NOW), 0);
	assert_int_equal(csock_accept(&listener, &server, &peer, 0, CSOCK_NEVER), 0);
	assert_int_equal(csock_addr_family(&peer), AF_UNIX);
	assert_int_equal(csock_close(&server), 0);
	assert_int_equal(csock_close(&client), 0);
	assert_int_equal(csock_close(&listener), 0);
}

/* On a socket in blocking mode the kernel waits, up to its own limit (SO_SNDTIMEO). */
static void test_the_kernels_own_limit_holds(void **state)
{
	const struct timeval limit = {.tv_usec = 50000};
	struct csock_socket listener, clients[3], late = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	fill_queue(&listener, clients, 3, &addr);
	assert_int_equal(csock_open(&late, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_setsockopt(&late, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), 0);
	/* A watchdog, in case the limit is not kept. */
	interrupt_every(WATCHDOG);
	assert_errno(csock_connect(&late, &addr, CSOCK_NEVER), EINPROGRESS);
	interrupt_every(0);
	assert_int_equal(csock_close(&late), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(csock_close(&clients[i]), 0);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_a_deadline_long_gone(void **state)
{
	struct csock_socket listener, clients[3];
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	fill_queue(&listener, clients, 3, &addr);
	interrupt_every(WATCHDOG);
	assert_domain(csock_connect(&clients[2], &addr, CSOCK_NOW + 1), CSOCK_TIMEOUT);
	assert_domain(csock_connect(&clients[2], &addr, -1), CSOCK_TIMEOUT);
	interrupt_every(0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(csock_close(&clients[i]), 0);
	assert_int_equal(csock_close(&listener), 0);
}

/* In blocking mode too, the attempt goes on after the signal. */
static void test_blocking_connect_goes_on_after_a_signal(void **state)
{
	struct csock_socket listener, clients[3], server = CSOCK_SOCKET_INIT;
	struct csock_socket late = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	fill_queue(&listener, clients, 2, &addr);
	assert_int_equal(csock_open(&late, AF_INET, SOCK_STREAM, 0), 0);
	for (int i = 0; i < 3; i++) {
		interrupt_every(10 * MILLISECOND);
		assert_domain(csock_connect(&late, &addr, CSOCK_NEVER), CSOCK_INTERRUPTED);
	}
	interrupt_every(0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_accept(&listener, &server, NULL, 0, CSOCK_NEVER), 0);
		assert_int_equal(csock_close(&server), 0);
	}
	assert_int_equal(csock_connect(&late, &addr, CSOCK_NEVER), 0);
	assert_int_equal(csock_close(&late), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_close(&clients[i]), 0);
	assert_int_equal(csock_close(&listener), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept_deadline_in_blocking_mode),
		cmocka_unit_test(test_accept_on_descriptor_that_blocks),
		cmocka_unit_test(test_accept_is_interrupted),
		cmocka_unit_test(test_connect_goes_on_after_a_signal),
		cmocka_unit_test(test_connect_goes_on_in_blocking_mode),
		cmocka_unit_test(test_unix_connections),
		cmocka_unit_test(test_the_kernels_own_limit_holds),
		cmocka_unit_test(test_a_deadline_long_gone),
		cmocka_unit_test(test_blocking_connect_goes_on_after_a_signal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
