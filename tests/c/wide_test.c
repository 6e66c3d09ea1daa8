/*
 * Times and offsets that do not fit 32 bits, or 64 bits of nanoseconds.
 */
#include "support.h"

#include <pthread.h>

#define SECOND (1000 * MILLISECOND)

static void *send_late(void *sock)
{
	pause_for(500 * MILLISECOND);
	assert_int_equal(csock_send(sock, "x", 1, 0, CSOCK_NEVER), 1);
	return NULL;
}

/* Fails the test unless the call waits for a byte that comes late. */
static void assert_waits(struct streams *pair, int64_t deadline)
{
	pthread_t thread;
	char byte;

	assert_int_equal(pthread_create(&thread, NULL, send_late, &pair->b), 0);
	assert_int_equal(csock_recv(&pair->a, &byte, 1, 0, deadline), 1);
	assert_int_equal(pthread_join(thread, NULL), 0);
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
		assert_waits(pair, csock_deadline_after(seconds[i] * SECOND));
	assert_waits(pair, CSOCK_NEVER - 1);
}

static void test_offsets_in_a_file(void **state)
{
	struct streams *pair = *state;
	static const int64_t offsets[] = {INT32_MAX, INT64_C(1) << 32, INT64_C(5) << 30};
	csock_handle file = make_file();
	char bytes[2];

	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
		int64_t offset = offsets[i];
		write_at(file, offset, "xy", 2);
		assert_int_equal(csock_send_file(&pair->a, file, &offset, 2, CSOCK_NEVER), 2);
		assert_true(offset == offsets[i] + 2);
		assert_int_equal(csock_recv(&pair->b, bytes, 2, 0, CSOCK_NEVER), 2);
		assert_memory_equal(bytes, "xy", 2);
	}
	close_file(file);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_streams, close_streams)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_deadlines),
		ON_PAIR(test_offsets_in_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
