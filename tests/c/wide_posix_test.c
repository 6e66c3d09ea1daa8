/*
 * A limit of the kernel's own that does not fit 64 bits of nanoseconds.
 */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

/* Fails the test unless the call waits until a signal comes. */
static void assert_waits(struct csock_socket *sock, int64_t deadline)
{
	char byte;

	interrupt_every(500 * MILLISECOND);
	ssize_t result = csock_recv(sock, &byte, 1, 0, deadline);
	interrupt_every(0);
	assert_domain(result, CSOCK_INTERRUPTED);
}

static void *nothing(void *arg)
{
	return arg;
}

/*
 * The kernel's own limit. In nanoseconds 64 bits hold 0.3 s of this one. Without a signal, and
 * beside another thread, the library polls in place of the kernel.
 */
static void test_the_kernels_limit(void **state)
{
	struct streams *pair = *state;
	const int64_t seconds = INT64_C(18446744074);
	const struct timeval limit = {.tv_sec = (time_t)seconds};
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, nothing, NULL), 0);
	assert_int_equal(csock_wake_signal(0), 0);
	assert_int_equal(csock_setsockopt(&pair->a, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit),
			 0);
	assert_waits(&pair->a, CSOCK_NEVER);
	assert_int_equal(csock_wake_signal(SIGURG), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_kernels_limit, open_streams,
						close_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
