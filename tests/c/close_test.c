/*
 * Closing sockets under calls that wait: the close ends the calls.
 */
#include "callers.h"

#include <errno.h>

#define THREADS 4
#define ROUNDS 50

static void close_under_recv(int64_t deadline, int64_t head_start)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller callers[THREADS];

	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	start_callers(callers, THREADS, &a, deadline, call_recv);
	pause_for(head_start);
	close_in_use(&a);
	expect_closed(callers, THREADS);
	assert_int_equal(csock_close(&b), 0);
}

static void test_close_wakes_readers(void **state)
{
	int before = count_descriptors();

	(void)state;
	/* The close comes before, while and after the threads go to sleep. */
	for (int round = 0; round < ROUNDS; round++) {
		close_under_recv(CSOCK_NEVER, round * 20000);
		close_under_recv(csock_deadline_after(20000 * MILLISECOND), round * 20000);
	}
	assert_int_equal(count_descriptors(), before);
}

static void test_close_wakes_accept(void **state)
{
	struct csock_socket listener;
	struct caller callers[THREADS];
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	start_callers(callers, THREADS, &listener, CSOCK_NEVER, call_accept);
	pause_for(20 * MILLISECOND);
	close_in_use(&listener);
	expect_closed(callers, THREADS);
}

static void test_close_wakes_who_was_late_to_sleep(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	start_callers(&caller, 1, &a, CSOCK_NEVER, call_late_recv);
	pause_for(10 * MILLISECOND);
	close_in_use(&a);
	expect_closed(&caller, 1);
	assert_int_equal(csock_close(&b), 0);
}

static void *call_connect(void *arg)
{
	struct caller *caller = arg;

	caller->result = csock_connect(caller->sock, caller->addr, caller->deadline);
	return NULL;
}

static void *call_send(void *arg)
{
	static char data[1 << 16];
	struct caller *caller = arg;

	do
		caller->result = csock_send(caller->sock, data, sizeof data, 0, caller->deadline);
	while (caller->result > 0);
	return NULL;
}

static void *call_wait(void *arg)
{
	struct caller *caller = arg;

	caller->result = csock_wait(caller->sock, POLLIN, caller->deadline);
	return NULL;
}

static void *call_wait_or_wake(void *arg)
{
	struct caller *caller = arg;
	struct csock_wake wake = CSOCK_WAKE_INIT;

	assert_int_equal(csock_wake_open(&wake), 0);
	caller->result = csock_wait_or_wake(caller->sock, POLLIN, &wake, caller->deadline);
	csock_wake_close(&wake);
	return NULL;
}

static void *call_recvmsg(void *arg)
{
	struct caller *caller = arg;
	struct csock_received received = {0};

	caller->result =
		csock_recvmsg(caller->sock, NULL, 0, MSG_PEEK, &received, caller->deadline);
	return NULL;
}

static void assert_close_wakes(void *(*call)(void *), int64_t deadline)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller;

	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	start_callers(&caller, 1, &a, deadline, call);
	pause_for(100 * MILLISECOND);
	int64_t began = csock_clock();
	close_in_use(&a);
	expect_closed(&caller, 1);
	assert_true(csock_clock() - began < 8000 * MILLISECOND);
	assert_int_equal(csock_close(&b), 0);
}

static void test_close_wakes_all_kinds_of_calls(void **state)
{
	static void *(*const calls[])(void *) = {call_send, call_wait, call_wait_or_wake,
						 call_recvmsg};

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		assert_close_wakes(calls[i], CSOCK_NEVER);
		assert_close_wakes(calls[i], csock_deadline_after(9000 * MILLISECOND));
	}
}

/* The queue of the listener is full: without the close, the calls would never return. */
static void test_close_wakes_connect(void **state)
{
	struct csock_socket listener, clients[4];
	struct caller callers[2];
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_listen(&listener, 0), 0);
	for (int i = 0; i < 4; i++) {
		clients[i] = (struct csock_socket)CSOCK_SOCKET_INIT;
		assert_int_equal(csock_open(&clients[i], AF_INET, SOCK_STREAM, 0), 0);
		assert_int_equal(csock_set_blocking(&clients[i], i == 3), 0);
	}
	(void)csock_connect(&clients[0], &addr, CSOCK_NOW);
	(void)csock_connect(&clients[1], &addr, CSOCK_NOW);
	for (int i = 0; i < 2; i++) {
		int64_t deadline = i ? CSOCK_NEVER : csock_deadline_after(9000 * MILLISECOND);
		callers[i] = (struct caller){
			.sock = &clients[2 + i], .addr = &addr, .deadline = deadline};
		assert_int_equal(
			pthread_create(&callers[i].thread, NULL, call_connect, &callers[i]), 0);
	}
	pause_for(20 * MILLISECOND);
	int64_t began = csock_clock();
	for (int i = 0; i < 4; i++)
		close_in_use(&clients[i]);
	expect_closed(callers, 2);
	assert_true(csock_clock() - began < 8000 * MILLISECOND);
	close_in_use(&listener);
}

/* Waits again and again, each time for a few microseconds, and finally for the close. */
static void *wait_again_and_again(void *arg)
{
	struct caller *caller = arg;
	int64_t patience = 1000;
	char byte;

	for (int i = 0; i < 20 * ROUNDS; i++, patience = patience * 7 % 50000)
		(void)csock_recv(caller->sock, &byte, 1, 0, csock_deadline_after(patience));
	return call_recv(caller);
}

/* The close wakes all waiting threads, even while others begin and end their waits. */
static void test_waiters_come_and_go(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller callers[THREADS];

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
		start_callers(callers, THREADS, &a, CSOCK_NEVER, wait_again_and_again);
		pause_for(round * 3 * MILLISECOND);
		close_in_use(&a);
		expect_closed(callers, THREADS);
		assert_null(a.waiters);
		assert_int_equal(csock_close(&b), 0);
	}
}

static void *call_close(void *arg)
{
	struct caller *caller = arg;

	caller->result = csock_close(caller->sock);
	return NULL;
}

static void test_two_closes_at_once(void **state)
{
	int before = count_descriptors();

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
		struct caller readers[2], closers[2];
		assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
		start_callers(readers, 2, &a, CSOCK_NEVER, call_recv);
		start_callers(closers, 2, &a, CSOCK_NEVER, call_close);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(pthread_join(closers[i].thread, NULL), 0);
			/* The second one does not wait for the first. */
			if (closers[i].result != 0)
				assert_domain(closers[i].result, CSOCK_IN_USE);
		}
		expect_closed(readers, 2);
		assert_int_equal(csock_close(&b), 0);
	}
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close_wakes_readers),
		cmocka_unit_test(test_close_wakes_accept),
		cmocka_unit_test(test_close_wakes_who_was_late_to_sleep),
		cmocka_unit_test(test_close_wakes_all_kinds_of_calls),
		cmocka_unit_test(test_close_wakes_connect),
		cmocka_unit_test(test_waiters_come_and_go),
		cmocka_unit_test(test_two_closes_at_once),
	};

	limit_time(50);
	return cmocka_run_group_tests_name("close", tests, NULL, NULL);
}
