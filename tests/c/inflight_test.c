/*
 * What stays while calls are inside: the descriptor, its number, and the struct.
 */
#include "callers.h"

#include <errno.h>
#include <stdlib.h>

#include "inflight.h"

#define THREADS 4
#define ROUNDS 50
#define PATIENCE (9000 * MILLISECOND)

static void wait_until_inside(const struct csock_socket *sock, uint64_t count)
{
	while ((__atomic_load_n(&sock->use, __ATOMIC_SEQ_CST) & CSI_USE_COUNT) < count)
		pause_for(MILLISECOND);
}

static void test_detach_leaves_calls_alone(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	start_callers(&caller, 1, &a, CSOCK_NEVER, call_recv);
	wait_until_inside(&a, 1);
	pause_for(20 * MILLISECOND);
	csock_handle fd = csock_detach(&a);
	assert_true(fd != CSOCK_NO_HANDLE);
	assert_int_equal(csock_send(&b, "x", 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(pthread_join(caller.thread, NULL), 0);
	assert_int_equal(caller.result, 1);
	assert_int_equal(csock_descriptor_close(fd), 0);
	assert_int_equal(csock_close(&b), 0);
}

struct opener {
	int stop;
	int foreign_bytes;
};

/* Opens pairs with a byte to read in them, to get a number that a late call still uses. */
static void *open_in_a_loop(void *arg)
{
	struct opener *opener = arg;
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	char byte;

	while (!__atomic_load_n(&opener->stop, __ATOMIC_SEQ_CST)) {
		if (csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0) < 0)
			continue;
		/* If the byte is gone, a late call has read it by mistake. */
		if (csock_send(&a, "!", 1, 0, CSOCK_NEVER) != 1 ||
		    csock_recv(&b, &byte, 1, 0, csock_deadline_after(PATIENCE)) != 1)
			opener->foreign_bytes++;
		(void)csock_close(&a);
		(void)csock_close(&b);
	}
	return NULL;
}

/* Late calls on a closed socket still find its own data, and never that of another socket. */
static void test_numbers_in_use_are_not_given_away(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct opener opener = {0};
	struct caller callers[THREADS];
	pthread_t thread;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	assert_int_equal(csock_send(&b, "aaaa", THREADS, 0, CSOCK_NEVER), THREADS);
	start_callers(callers, THREADS, &a, CSOCK_NEVER, call_late_recv);
	assert_int_equal(pthread_create(&thread, NULL, open_in_a_loop, &opener), 0);
	wait_until_late(callers, THREADS);
	close_in_use(&a);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
		assert_int_equal(callers[i].result, 1);
		assert_int_equal(callers[i].byte, 'a');
	}
	__atomic_store_n(&opener.stop, 1, __ATOMIC_SEQ_CST);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(opener.foreign_bytes, 0);
	assert_int_equal(csock_close(&b), 0);
}

/* The threads have not ended, but use the struct no more. */
static void test_the_struct_may_go_after_the_wait(void **state)
{
	struct csock_socket b = CSOCK_SOCKET_INIT;
	struct caller callers[THREADS];

	(void)state;
	for (int round = 0; round < 5; round++) {
		struct csock_socket *a = calloc(1, sizeof *a);
		assert_non_null(a);
		assert_int_equal(csock_open_pair(a, &b, pair_family(), SOCK_STREAM, 0), 0);
		start_callers(callers, THREADS, a, CSOCK_NEVER,
			      round % 2 ? call_late_recv : call_recv);
		wait_until_inside(a, THREADS);
		int64_t deadline = csock_deadline_after(9000 * MILLISECOND);
		assert_int_equal(csock_close_wait(a, deadline), 0);
		free(a);
		expect_closed(callers, THREADS);
		assert_int_equal(csock_close(&b), 0);
	}
}

static void *recv_until_closed(void *arg)
{
	struct caller *caller = arg;
	char byte;

	do {
		caller->result = csock_recv(caller->sock, &byte, 1, 0, CSOCK_NOW);
	} while (csock_status_would_wait(caller->result));
	return NULL;
}

/* One struct is opened again and again, while late calls still use it. */
static void test_a_socket_lives_again(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct caller callers[THREADS];
	int before = count_descriptors();

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		assert_int_equal(csock_open(&sock, AF_INET, SOCK_DGRAM, 0), 0);
		start_callers(callers, THREADS, &sock, CSOCK_NOW, recv_until_closed);
		pause_for(round * 2000);
		close_in_use(&sock);
		expect_closed(callers, THREADS);
		assert_int_equal(count_descriptors(), before);
	}
}

static void *switch_modes(void *arg)
{
	struct caller *caller = arg;

	for (int i = 0; caller->result == 0; i++)
		caller->result = csock_set_blocking(caller->sock, i % 2);
	return NULL;
}

/* The mode may change while others wait. They see the old or the new mode. */
static void test_modes_change_under_calls(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller switcher;
	char byte;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	start_callers(&switcher, 1, &a, CSOCK_NOW, switch_modes);
	for (int i = 0; i < 200 * ROUNDS; i++) {
		assert_int_equal(csock_send(&b, "x", 1, 0, CSOCK_NEVER), 1);
		assert_int_equal(csock_recv(&a, &byte, 1, 0, CSOCK_NEVER), 1);
	}
	close_in_use(&a);
	expect_closed(&switcher, 1);
	assert_int_equal(csock_close(&b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detach_leaves_calls_alone),
		cmocka_unit_test(test_numbers_in_use_are_not_given_away),
		cmocka_unit_test(test_the_struct_may_go_after_the_wait),
		cmocka_unit_test(test_a_socket_lives_again),
		cmocka_unit_test(test_modes_change_under_calls),
	};

	limit_time(50);
	return cmocka_run_group_tests_name("inflight", tests, NULL, NULL);
}
