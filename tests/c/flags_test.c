/*
 * Flags of calls, and the kernel's own time limits, beside deadlines.
 *
 * Each test runs twice: with a thread that a signal can wake, which waits in the call itself, and
 * without signals (on POSIX systems), so that it waits in poll().
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>

#define WAIT (60 * MILLISECOND)
#define SIZE 8

struct pair {
	struct csock_socket a;
	struct csock_socket b;
};

static struct pair pair;
static pthread_t other_thread;
static int other_thread_ends;

/* While the process has another thread, calls wait as ones that have to be woken. */
static void *stay_alive(void *arg)
{
	while (!__atomic_load_n(&other_thread_ends, __ATOMIC_RELAXED))
		pause_for(MILLISECOND);
	return arg;
}

static int open_pair(void **state)
{
	(void)state;
	other_thread_ends = 0;
	pair = (struct pair){CSOCK_SOCKET_INIT, CSOCK_SOCKET_INIT};
	if (pthread_create(&other_thread, NULL, stay_alive, NULL) != 0)
		return -1;
	return csock_open_pair(&pair.a, &pair.b, pair_family(), SOCK_STREAM, 0);
}

/* For the rest of the program: these tests come last. */
static int open_pair_without_signals(void **state)
{
	return csock_wake_signal(0) == 0 ? open_pair(state) : -1;
}

static int close_pair(void **state)
{
	(void)state;
	__atomic_store_n(&other_thread_ends, 1, __ATOMIC_RELAXED);
	if (pthread_join(other_thread, NULL) != 0)
		return -1;
	return csock_close(&pair.a) < 0 || csock_close(&pair.b) < 0 ? -1 : 0;
}

static void test_dontwait_is_now(void **state)
{
	static char data[1 << 20];
	char byte;

	(void)state;
	/* The second time the socket expects to wait. */
	for (int i = 0; i < 2; i++) {
		assert_errno(csock_recv(&pair.a, &byte, 1, MSG_DONTWAIT, CSOCK_NEVER), EAGAIN);
		assert_errno(csock_recv(&pair.a, &byte, 1, MSG_DONTWAIT,
					csock_deadline_after(9000 * MILLISECOND)),
			     EAGAIN);
	}
	ssize_t n;
	do
		n = csock_send(&pair.b, data, sizeof data, MSG_DONTWAIT, CSOCK_NEVER);
	while (n > 0);
	assert_errno(n, EAGAIN);
}

static void *send_in_parts(void *arg)
{
	for (int i = 0; i < SIZE / 2; i++) {
		pause_for(10 * MILLISECOND);
		(void)csock_send(arg, "xy", 2, 0, CSOCK_NEVER);
	}
	return NULL;
}

/* The call waits for all bytes until the deadline, whatever the mode. */
static void test_waitall(void **state)
{
	const int64_t later = csock_deadline_after(9000 * MILLISECOND);
	const int64_t deadlines[] = {CSOCK_NEVER, later};
	char bytes[SIZE];
	pthread_t thread;

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(csock_set_blocking(&pair.a, i < 2), 0);
		assert_int_equal(pthread_create(&thread, NULL, send_in_parts, &pair.b), 0);
		assert_int_equal(csock_recv(&pair.a, bytes, SIZE, MSG_WAITALL, deadlines[i % 2]),
				 SIZE);
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
}

/* Bytes that came before the deadline or the end are the result. */
static void test_waitall_that_gets_less(void **state)
{
	char bytes[SIZE];

	(void)state;
	assert_int_equal(csock_send(&pair.b, "xyz", 3, 0, CSOCK_NEVER), 3);
	int64_t deadline = csock_deadline_after(WAIT);
	assert_int_equal(csock_recv(&pair.a, bytes, SIZE, MSG_WAITALL, deadline), 3);
	assert_true(csock_clock() >= deadline);
	assert_domain(csock_recv(&pair.a, bytes, SIZE, MSG_WAITALL, deadline), CSOCK_TIMEOUT);
	assert_int_equal(csock_send(&pair.b, "xyz", 3, 0, CSOCK_NEVER), 3);
	assert_int_equal(csock_shutdown(&pair.b, SHUT_WR), 0);
	assert_int_equal(csock_recv(&pair.a, bytes, SIZE, MSG_WAITALL, CSOCK_NEVER), 3);
	assert_int_equal(csock_recv(&pair.a, bytes, SIZE, MSG_WAITALL, CSOCK_NEVER), 0);
}

/* A datagram is whole in any case, and a peek takes nothing. */
static void test_waitall_of_one_message(void **state)
{
	struct csock_socket a, b;
	char bytes[SIZE];

	(void)state;
	open_datagrams(&a, &b);
	assert_int_equal(csock_send(&a, "xyz", 3, 0, CSOCK_NEVER), 3);
	assert_int_equal(csock_recv(&b, bytes, SIZE, MSG_WAITALL, CSOCK_NEVER), 3);
	assert_int_equal(csock_close(&a), 0);
	assert_int_equal(csock_close(&b), 0);
	assert_int_equal(csock_send(&pair.b, "xyz", 3, 0, CSOCK_NEVER), 3);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_recv(&pair.a, bytes, 3, MSG_PEEK | MSG_WAITALL, CSOCK_NEVER),
				 3);
}

static void set_kernel_limits(struct csock_socket *sock)
{
	assert_int_equal(csock_set_recv_timeout(sock, WAIT), 0);
	assert_int_equal(csock_set_send_timeout(sock, WAIT), 0);
}

/* Until nothing more fits, although what is there moves on to the peer. */
static void fill(struct csock_socket *sock)
{
	static char data[1 << 16];

	for (int tries = 0; tries < 3; tries++) {
		while (csock_send(sock, data, sizeof data, 0, CSOCK_NOW) > 0)
			tries = 0;
		while (csock_send(sock, data, 1, 0, CSOCK_NOW) > 0)
			tries = 0;
		pause_for(150 * MILLISECOND);
	}
}

/* SO_RCVTIMEO and SO_SNDTIMEO are for CSOCK_NEVER in blocking mode. */
static void test_the_kernels_limits(void **state)
{
	char byte;

	(void)state;
	set_kernel_limits(&pair.a);
	fill(&pair.a);
	int64_t began = csock_clock();
	assert_errno(csock_recv(&pair.a, &byte, 1, 0, CSOCK_NEVER), kernel_limit_error);
	assert_true(csock_clock() - began >= WAIT / 2);
	began = csock_clock();
	assert_errno(csock_send(&pair.a, "x", 1, 0, CSOCK_NEVER), kernel_limit_error);
	assert_true(csock_clock() - began >= WAIT / 2);
}

/* They shorten no deadline, and lengthen none. */
static void test_deadlines_beside_the_kernels_limits(void **state)
{
	char byte;

	(void)state;
	set_kernel_limits(&pair.a);
	fill(&pair.a);
	for (int i = 0; i < 2; i++) {
		int64_t deadline = csock_deadline_after(i ? 3 * WAIT : WAIT / 10);
		assert_domain(csock_recv(&pair.a, &byte, 1, 0, deadline), CSOCK_TIMEOUT);
		assert_true(csock_clock() >= deadline);
		deadline = csock_deadline_after(i ? 3 * WAIT : WAIT / 10);
		assert_domain(csock_send(&pair.a, "x", 1, 0, deadline), CSOCK_TIMEOUT);
		assert_true(csock_clock() >= deadline);
	}
}

#define WITH_SIGNALS(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)
#define WITHOUT_SIGNALS(test)                                                                      \
	{                                                                                          \
#test "_without_signals", test, open_pair_without_signals, close_pair, NULL        \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SIGNALS(test_dontwait_is_now),
		WITH_SIGNALS(test_waitall),
		WITH_SIGNALS(test_waitall_that_gets_less),
		WITH_SIGNALS(test_waitall_of_one_message),
		WITH_SIGNALS(test_the_kernels_limits),
		WITH_SIGNALS(test_deadlines_beside_the_kernels_limits),
		WITHOUT_SIGNALS(test_dontwait_is_now),
		WITHOUT_SIGNALS(test_waitall),
		WITHOUT_SIGNALS(test_waitall_that_gets_less),
		WITHOUT_SIGNALS(test_waitall_of_one_message),
		WITHOUT_SIGNALS(test_the_kernels_limits),
		WITHOUT_SIGNALS(test_deadlines_beside_the_kernels_limits),
	};

	limit_time(50);
	return cmocka_run_group_tests_name("flags", tests, NULL, NULL);
}
