/*
 * Times and offsets that do not fit 32 bits, or 64 bits of nanoseconds.
 */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define SECOND (1000 * MILLISECOND)

/* Fails the test unless the call waits until a signal comes. */
static void assert_waits(struct csock_socket *sock, int64_t deadline)
{
	char byte;

	interrupt_every(500 * MILLISECOND);
	ssize_t result = csock_recv(sock, &byte, 1, 0, deadline);
	interrupt_every(0);
	assert_domain(result, CSOCK_INTERRUPTED);
}

/* Where a time_t has 32 bits, these leave nothing of the seconds, or a negative number. */
static void test_deadlines(void **state)
{
	struct streams *pair = *state;
	static const int64_t seconds[] = {
		INT64_C(1) << 31,
		INT64_C(1) << 32,
		(INT64_C(1) << 32) + (INT64_C(1) << 31),
	};

	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
		assert_waits(&pair->a, csock_deadline_after(seconds[i] * SECOND));
	assert_waits(&pair->a, CSOCK_NEVER - 1);
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

static void test_offsets_in_a_file(void **state)
{
	struct streams *pair = *state;
	static const int64_t offsets[] = {INT32_MAX, INT64_C(1) << 32, INT64_C(5) << 30};
	char name[] = "/tmp/csocket-test-XXXXXX";
	int file = mkstemp(name);
	char bytes[2];

	assert_true(file >= 0);
	assert_int_equal(unlink(name), 0);
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
		int64_t offset = offsets[i];
		assert_int_equal(pwrite(file, "xy", 2, (off_t)offset), 2);
		assert_int_equal(csock_send_file(&pair->a, file, &offset, 2, CSOCK_NEVER), 2);
		assert_true(offset == offsets[i] + 2);
		assert_int_equal(csock_recv(&pair->b, bytes, 2, 0, CSOCK_NEVER), 2);
		assert_memory_equal(bytes, "xy", 2);
	}
	assert_int_equal(close(file), 0);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_streams, close_streams)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_deadlines),
		ON_PAIR(test_the_kernels_limit),
		ON_PAIR(test_offsets_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
