/*
 * Sending and receiving, with deadlines and signals.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void test_send_and_receive(void **state)
{
	struct streams *pair = *state;
	struct csock_addr from;
	char buffer[8];

	assert_int_equal(csock_send(&pair->a, "hello", 5, 0, CSOCK_NEVER), 5);
	assert_int_equal(csock_recv(&pair->b, buffer, 8, MSG_PEEK, CSOCK_NOW), 5);
	assert_int_equal(csock_recvfrom(&pair->b, buffer, 3, 0, &from, CSOCK_NEVER), 3);
	assert_int_equal(from.length, 0);
	assert_int_equal(csock_recv(&pair->b, buffer, 8, 0, CSOCK_NEVER), 2);
	assert_memory_equal(buffer, "lo", 2);
	assert_int_equal(csock_shutdown(&pair->a, SHUT_WR), 0);
	assert_int_equal(csock_recv(&pair->b, buffer, 8, 0, CSOCK_NEVER), 0);
}

static void test_now_never_waits(void **state)
{
	struct streams *pair = *state;
	char buffer[1];
	static char data[1 << 20];
	ssize_t n;

	assert_errno(csock_recv(&pair->a, buffer, 1, 0, CSOCK_NOW), EAGAIN);
	do {
		n = csock_send(&pair->a, data, sizeof data, 0, CSOCK_NOW);
	} while (n > 0);
	assert_errno(n, EAGAIN);
}

static void test_deadlines(void **state)
{
	struct streams *pair = *state;
	char buffer[1];
	int64_t deadline = csock_deadline_after(30 * MILLISECOND);

	assert_domain(csock_recv(&pair->a, buffer, 1, 0, deadline), CSOCK_TIMEOUT);
	assert_true(csock_clock() >= deadline);
	/* A passed deadline ends the call at once, but data that is there is received. */
	assert_domain(csock_recv(&pair->a, buffer, 1, 0, deadline), CSOCK_TIMEOUT);
	assert_int_equal(csock_send(&pair->b, "x", 1, 0, deadline), 1);
	assert_int_equal(csock_recv(&pair->a, buffer, 1, 0, deadline), 1);
}

static void test_all_or_nothing_is_not_tried(void **state)
{
	struct streams *pair = *state;
	char buffer[4];

	assert_int_equal(csock_send(&pair->a, "ab", 2, 0, CSOCK_NEVER), 2);
	assert_domain(csock_recv(&pair->b, buffer, 4, MSG_WAITALL, CSOCK_NOW), CSOCK_WOULD_WAIT);
	assert_int_equal(csock_send(&pair->a, "cd", 2, 0, CSOCK_NEVER), 2);
	assert_int_equal(csock_recv(&pair->b, buffer, 4, MSG_WAITALL, CSOCK_NEVER), 4);
	assert_memory_equal(buffer, "abcd", 4);
}

static void test_datagrams_tell_their_sender(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr here = host_address(AF_INET, "127.0.0.1", 0), there = here, from;
	char buffer[8];

	(void)state;
	assert_int_equal(csock_open(&a, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_open(&b, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(&a, &here), 0);
	assert_int_equal(csock_bind(&b, &there), 0);
	assert_int_equal(csock_getsockname(&a, &here), 0);
	assert_int_equal(csock_getsockname(&b, &there), 0);
	assert_int_equal(csock_sendto(&a, "data", 4, 0, &there, CSOCK_NEVER), 4);
	assert_int_equal(csock_recvfrom(&b, buffer, 8, 0, &from, CSOCK_NEVER), 4);
	assert_true(csock_addr_equal(&from, &here));
	size_t sent = 0;
	assert_int_equal(csock_connect(&a, &there, CSOCK_NEVER), 0);
	/* An empty datagram is a datagram. */
	assert_int_equal(csock_send_all(&a, "", 0, 0, &sent, CSOCK_NEVER), 0);
	assert_int_equal(csock_recv(&b, buffer, 8, 0, csock_deadline_after(1000 * MILLISECOND)), 0);
	assert_int_equal(csock_close(&a), 0);
	assert_int_equal(csock_close(&b), 0);
}

static void test_send_all_refuses_to_have_sent_more(void **state)
{
	struct streams *pair = *state;
	size_t sent = 5;
	char byte;

	assert_refused(csock_send_all(&pair->a, "four", 4, 0, &sent, CSOCK_NEVER),
		       CSOCK_REFUSED_SIZE, 0);
	assert_int_equal(sent, 5);
	assert_errno((int)csock_recv(&pair->b, &byte, 1, 0, CSOCK_NOW), EAGAIN);
}

static void test_send_all_without_a_count(void **state)
{
	struct streams *pair = *state;
	char data[8];

	assert_int_equal(csock_send_all(&pair->a, "hello", 5, 0, NULL, CSOCK_NEVER), 0);
	assert_int_equal(csock_recv_all(&pair->b, data, 5, 0, NULL, CSOCK_NEVER), 0);
	assert_memory_equal(data, "hello", 5);
	assert_domain(csock_recv_all(&pair->b, data, 5, 0, NULL, csock_clock()), CSOCK_TIMEOUT);
}

static void test_send_all_has_one_deadline(void **state)
{
	struct streams *pair = *state;
	/* Both ends of a TCP connection together hold less. */
	static char data[64 << 20];
	size_t sent = 0;
	int64_t deadline = csock_deadline_after(30 * MILLISECOND);

	assert_domain(csock_send_all(&pair->a, data, sizeof data, 0, &sent, deadline),
		      CSOCK_TIMEOUT);
	assert_true(csock_clock() >= deadline);
	assert_true(sent > 0 && sent < sizeof data);
}

struct thief {
	struct streams *pair;
	int stop;
};

/* Takes the data before the other reader can, which then wakes for nothing. */
static void *feed_and_take(void *arg)
{
	struct thief *thief = arg;
	int64_t end = csock_clock() + 20000 * MILLISECOND;
	char byte;

	while (!__atomic_load_n(&thief->stop, __ATOMIC_SEQ_CST) && csock_clock() < end) {
		if (csock_send(&thief->pair->b, "x", 1, 0, CSOCK_NOW) == 1)
			(void)csock_recv(&thief->pair->a, &byte, 1, 0, CSOCK_NOW);
		pause_for(1000 * 200);
	}
	return NULL;
}

static void test_wake_ups_do_not_move_the_deadline(void **state)
{
	struct thief thief = {.pair = *state};
	int64_t deadline = csock_deadline_after(100 * MILLISECOND);
	pthread_t thread;
	char byte;
	ssize_t n;

	assert_int_equal(pthread_create(&thread, NULL, feed_and_take, &thief), 0);
	do {
		n = csock_recv(&thief.pair->a, &byte, 1, 0, deadline);
	} while (n > 0);
	int64_t late = csock_clock() - deadline;
	__atomic_store_n(&thief.stop, 1, __ATOMIC_SEQ_CST);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_domain(n, CSOCK_TIMEOUT);
	assert_true(late >= 0 && late < 5000 * MILLISECOND);
}

static void test_deadlines_long_gone(void **state)
{
	struct streams *pair = *state;
	char byte;

	assert_domain(csock_recv(&pair->a, &byte, 1, 0, CSOCK_NOW + 1), CSOCK_TIMEOUT);
	assert_domain(csock_recv(&pair->a, &byte, 1, 0, -1), CSOCK_TIMEOUT);
	assert_int_equal(csock_send(&pair->b, "x", 1, 0, CSOCK_NOW + 1), 1);
	assert_int_equal(csock_recv(&pair->a, &byte, 1, 0, CSOCK_NEVER - 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_send_and_receive, open_streams, close_streams),
		cmocka_unit_test_setup_teardown(test_now_never_waits, open_streams, close_streams),
		cmocka_unit_test_setup_teardown(test_deadlines, open_streams, close_streams),
		cmocka_unit_test_setup_teardown(test_all_or_nothing_is_not_tried, open_streams,
						close_streams),
		cmocka_unit_test(test_datagrams_tell_their_sender),
		cmocka_unit_test_setup_teardown(test_send_all_refuses_to_have_sent_more,
						open_streams, close_streams),
		cmocka_unit_test_setup_teardown(test_send_all_without_a_count, open_streams,
						close_streams),
		cmocka_unit_test_setup_teardown(test_send_all_has_one_deadline, open_streams,
						close_streams),
		cmocka_unit_test_setup_teardown(test_wake_ups_do_not_move_the_deadline,
						open_streams, close_streams),
		cmocka_unit_test_setup_teardown(test_deadlines_long_gone, open_streams,
						close_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
