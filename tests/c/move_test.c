/*
 * Moving a socket to another struct.
 */
#include <pthread.h>

#include "inflight.h"
#include "support.h"

static struct csock_socket a, b;

static int open_pair(void **state)
{
	(void)state;
	open_datagrams(&a, &b);
	return csock_set_blocking(&a, false) | csock_set_blocking(&b, false);
}

static int close_pair(void **state)
{
	(void)state;
	return csock_close(&a) | csock_close(&b);
}

static void test_all_moves(void **state)
{
	struct csock_socket to = CSOCK_SOCKET_INIT;
	const struct csock_socket before = a;
	csock_handle fd = csock_fd(&a);
	char byte;

	(void)state;
	assert_int_equal(csock_send(&a, "x", 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_move(&to, &a), 0);
	assert_int_equal(csock_fd(&to), fd);
	assert_int_equal(csock_fd(&a), CSOCK_NO_HANDLE);
	assert_int_equal(to.family, before.family);
	assert_int_equal(to.type, SOCK_DGRAM);
	assert_int_equal(to.protocol, before.protocol);
	assert_true(csock_is_nonblocking(&to));
	assert_int_equal(csock_close_may_wait(&to), csock_close_may_wait(&b));
	assert_errno(csock_send(&a, "y", 1, 0, CSOCK_NOW), EBADF);
	assert_int_equal(csock_send(&to, "y", 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_recv(&b, &byte, 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_close(&to), 0);
}

static void test_refusals(void **state)
{
	struct csock_socket closed = CSOCK_SOCKET_INIT;
	csock_handle fd = csock_fd(&a);

	(void)state;
	assert_errno(csock_move(&a, &closed), EBADF);
	assert_errno(csock_move(&closed, &closed), EBADF);
	assert_errno(csock_move(&b, &a), EBUSY);
	assert_int_equal(csock_fd(&a), fd);
	assert_int_equal(csock_send(&a, "x", 1, 0, CSOCK_NOW), 1);
	/* To itself: nothing changes. */
	assert_int_equal(csock_move(&a, &a), 0);
	assert_int_equal(csock_fd(&a), fd);
}

static void *receive(void *result)
{
	char byte;

	*(ssize_t *)result = csock_recv(&a, &byte, 1, 0, CSOCK_NEVER);
	return NULL;
}

static void test_not_under_a_call(void **state)
{
	struct csock_socket to = CSOCK_SOCKET_INIT;
	ssize_t received;
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, receive, &received), 0);
	while (!csi_is_occupied(&a))
		pause_for(MILLISECOND);
	assert_domain(csock_move(&to, &a), CSOCK_IN_USE);
	assert_int_equal(csock_fd(&to), CSOCK_NO_HANDLE);
	assert_int_equal(csock_send(&b, "x", 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(received, 1);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_all_moves),
		ON_PAIR(test_refusals),
		ON_PAIR(test_not_under_a_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
