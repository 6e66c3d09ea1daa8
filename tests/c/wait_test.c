/*
 * The socket's prediction whether a call will wait, and whether closing may wait.
 */
#include "support.h"

#include <errno.h>

#define MANY 100

static void receive_in_vain(struct csock_socket *sock)
{
	char byte;

	assert_errno(csock_recv(sock, &byte, 1, 0, CSOCK_NOW), EAGAIN);
}

static void test_expects_nothing_at_first(void **state)
{
	struct streams *pair = *state;
	assert_false(csock_expects_to_wait(&pair->a));
	receive_in_vain(&pair->a);
	assert_false(csock_expects_to_wait(&pair->a));
}

static void test_learns_to_wait(void **state)
{
	struct streams *pair = *state;
	int expected = 0;

	for (int i = 0; i < MANY; i++) {
		receive_in_vain(&pair->a);
		expected += csock_expects_to_wait(&pair->a);
	}
	/* Most of the time, but not always: otherwise it would never notice that it is wrong. */
	assert_true(expected >= MANY / 2 && expected <= MANY - MANY / 20);
}

static void test_learns_that_data_comes(void **state)
{
	struct streams *pair = *state;
	char byte;

	for (int i = 0; i < MANY; i++)
		receive_in_vain(&pair->a);
	assert_int_equal(csock_send(&pair->b, "x", 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_recv(&pair->a, &byte, 1, 0, CSOCK_NOW), 1);
	assert_false(csock_expects_to_wait(&pair->a));
}

static void test_sending_teaches_nothing(void **state)
{
	struct streams *pair = *state;
	for (int i = 0; i < 10; i++)
		receive_in_vain(&pair->a);
	assert_true(csock_expects_to_wait(&pair->a));
	assert_int_equal(csock_send(&pair->a, "x", 1, 0, CSOCK_NOW), 1);
	assert_true(csock_expects_to_wait(&pair->a));
}

static void test_deadlines_hold_whatever_is_expected(void **state)
{
	struct streams *pair = *state;
	char byte;

	assert_int_equal(csock_set_blocking(&pair->a, false), 0);
	for (int i = 0; i < MANY; i++) {
		int64_t deadline = csock_deadline_after(1000);
		int status = (int)csock_recv(&pair->a, &byte, 1, 0, deadline);
		assert_int_equal(csock_status_domain(status), CSOCK_TIMEOUT);
		assert_true(csock_clock() >= deadline);
		/* The deadline has passed, but data that is there is received. */
		assert_int_equal(csock_send(&pair->b, "x", 1, 0, CSOCK_NOW), 1);
		assert_int_equal(csock_recv(&pair->a, &byte, 1, 0, deadline), 1);
	}
}

static void test_closing_may_wait(void **state)
{
	struct streams *pair = *state;
	const struct linger reset = {.l_onoff = 1}, linger = {.l_onoff = 1, .l_linger = 1};

	assert_false(csock_close_may_wait(&pair->a));
	assert_int_equal(csock_setsockopt(&pair->a, SOL_SOCKET, SO_LINGER, &reset, sizeof reset),
			 0);
	assert_false(csock_close_may_wait(&pair->a));
	assert_int_equal(csock_setsockopt(&pair->a, SOL_SOCKET, SO_LINGER, &linger, sizeof linger),
			 0);
	assert_true(csock_close_may_wait(&pair->a));
}

static void test_closing_what_was_adopted_may_wait(void **state)
{
	struct streams *pair = *state;
	struct csock_socket adopted = CSOCK_SOCKET_INIT;
	csock_handle fd;

	assert_int_equal(csock_duplicate(&pair->a, &fd), 0);
	assert_int_equal(csock_adopt(&adopted, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK), 0);
	assert_true(csock_close_may_wait(&adopted));
	assert_int_equal(csock_close(&adopted), 0);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_streams, close_streams)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_expects_nothing_at_first),
		ON_PAIR(test_learns_to_wait),
		ON_PAIR(test_learns_that_data_comes),
		ON_PAIR(test_sending_teaches_nothing),
		ON_PAIR(test_deadlines_hold_whatever_is_expected),
		ON_PAIR(test_closing_may_wait),
		ON_PAIR(test_closing_what_was_adopted_may_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
