/*
 * Several threads that close one socket: none waits for the others, all wait for the calls.
 */
#include <errno.h>
#include <pthread.h>

#include "inflight.h"
#include "support.h"

#define ROUNDS 300

static struct csock_socket a, b;

static int open_pair(void **state)
{
	(void)state;
	return csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0);
}

static int close_pair(void **state)
{
	(void)state;
	return csock_close(&a) | csock_close(&b);
}

struct thread {
	pthread_t id;
	int (*close)(void);
	int received;
	int closed;
};

static int close_at_once(void)
{
	return csock_close(&a);
}

static int close_and_wait(void)
{
	return csock_close_wait(&a, CSOCK_NEVER);
}

/* As a server's thread does: it receives until another thread closes its socket, and closes it. */
static void *receive_and_close(void *arg)
{
	struct thread *thread = arg;
	char byte;

	thread->received = (int)csock_recv(&a, &byte, 1, 0, CSOCK_NEVER);
	thread->closed = thread->close();
	return NULL;
}

static void start(struct thread *thread, int (*close)(void))
{
	thread->close = close;
	assert_int_equal(pthread_create(&thread->id, NULL, receive_and_close, thread), 0);
}

static void assert_ended(struct thread *thread)
{
	assert_int_equal(pthread_join(thread->id, NULL), 0);
	assert_errno(thread->received, EBADF);
	assert_int_equal(thread->closed, 0);
}

static void close_by_both(int (*first)(void), int (*second)(void))
{
	int before = count_descriptors();

	for (int round = 0; round < ROUNDS; round++) {
		struct thread thread, other;

		assert_int_equal(open_pair(NULL), 0);
		start(&thread, second);
		start(&other, second);
		/* They are before the call, in it, or in its wait. */
		pause_for(round * 1000);
		assert_int_equal(first(), 0);
		assert_ended(&thread);
		assert_ended(&other);
		assert_int_equal(close_pair(NULL), 0);
		assert_int_equal(count_descriptors(), before);
	}
}

static void test_both_close(void **state)
{
	(void)state;
	close_by_both(close_at_once, close_at_once);
}

static void test_both_wait(void **state)
{
	(void)state;
	close_by_both(close_and_wait, close_and_wait);
}

static void test_one_waits(void **state)
{
	(void)state;
	close_by_both(close_at_once, close_and_wait);
	close_by_both(close_and_wait, close_at_once);
}

static void *close_for_long(void *result)
{
	*(int *)result = csock_close_wait(&a, CSOCK_NEVER);
	return NULL;
}

/* A call that does not end: all who close the socket are told. */
static void test_a_call_goes_on(void **state)
{
	pthread_t thread;
	csock_handle fd;
	int result;

	(void)state;
	assert_int_equal(csi_enter(&a, &fd), 0);
	assert_int_equal(pthread_create(&thread, NULL, close_for_long, &result), 0);
	while (!csi_is_closed(&a))
		pause_for(MILLISECOND);
	assert_domain(csock_close(&a), CSOCK_IN_USE);
	assert_domain(csock_close_wait(&a, CSOCK_NOW), CSOCK_IN_USE);
	assert_domain(csock_close_wait(&a, csock_deadline_after(10 * MILLISECOND)), CSOCK_IN_USE);
	csi_leave(&a);
	assert_int_equal(csock_close_wait(&a, CSOCK_NEVER), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(result, 0);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_close),
		cmocka_unit_test(test_both_wait),
		cmocka_unit_test(test_one_waits),
		ON_PAIR(test_a_call_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
