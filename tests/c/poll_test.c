/*
 * Waiting for several sockets, and wake handles.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "csocket/poll.h"
#include "inflight.h"

#define PATIENCE (9000 * MILLISECOND)
#define WAIT (20 * MILLISECOND)
/* More than csock_poll has room for on the stack. */
#define MANY 40

static void test_wait_for_one(void **state)
{
	struct streams *pair = *state;

	assert_int_equal(csock_wait(&pair->a, POLLIN | POLLOUT, CSOCK_NEVER), POLLOUT);
	assert_domain(csock_wait(&pair->a, POLLIN, CSOCK_NOW), CSOCK_TIMEOUT);
	int64_t deadline = csock_deadline_after(WAIT);
	assert_domain(csock_wait(&pair->a, POLLIN, deadline), CSOCK_TIMEOUT);
	assert_true(csock_clock() >= deadline);
	assert_int_equal(csock_send(&pair->b, "x", 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_wait(&pair->a, POLLIN, CSOCK_NOW), POLLIN);
	assert_int_equal(csock_close(&pair->b), 0);
	assert_errno(csock_wait(&pair->b, POLLIN, CSOCK_NEVER), EBADF);
}

static void test_many(void **state)
{
	struct streams *pair = *state;
	struct csock_poll_item items[MANY] = {0};
	int before = count_descriptors();

	for (int i = 0; i < MANY; i++)
		items[i] = (struct csock_poll_item){.sock = &pair->a, .events = POLLIN};
	/* Left out. */
	items[1].sock = NULL;
	assert_domain(csock_poll(items, MANY, CSOCK_NOW), CSOCK_TIMEOUT);
	assert_domain(csock_poll(items, MANY, csock_deadline_after(WAIT)), CSOCK_TIMEOUT);
	assert_domain(csock_poll(NULL, 0, csock_deadline_after(WAIT)), CSOCK_TIMEOUT);
	assert_int_equal(csock_send(&pair->b, "x", 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_poll(items, MANY, CSOCK_NEVER), MANY - 1);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(items[i].ready, i == 1 ? 0 : POLLIN);
	assert_false(csi_is_occupied(&pair->a));
	assert_int_equal(count_descriptors(), before);
}

static void test_a_handle(void **state)
{
	struct streams *pair = *state;
	struct csock_wake wake;
	int before = count_descriptors();

	memset(&wake, 0, sizeof wake);
	assert_int_equal(csock_wake_fd(&wake), -1);
	assert_errno(csock_wake_set(&wake), EBADF);
	csock_wake_close(&wake);
	assert_int_equal(csock_wake_open(&wake), 0);
	assert_errno(csock_wake_open(&wake), EBUSY);
	struct csock_poll_item items[] = {{.sock = &pair->a, .events = POLLIN}, {.wake = &wake}};
	for (int round = 0; round < 2; round++) {
		assert_domain(csock_poll(items, 2, CSOCK_NOW), CSOCK_TIMEOUT);
		assert_int_equal(csock_wake_set(&wake), 0);
		assert_int_equal(csock_wake_set(&wake), 0);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(csock_poll(items, 2, CSOCK_NEVER), 1);
			assert_int_equal(items[0].ready, 0);
			assert_int_equal(items[1].ready, POLLIN);
		}
		assert_int_equal(csock_wake_clear(&wake), 0);
		assert_int_equal(csock_wake_clear(&wake), 0);
	}
	csock_wake_close(&wake);
	assert_int_equal(csock_poll(items, 2, CSOCK_NEVER), 1);
	assert_int_equal(items[1].ready, POLLNVAL);
	assert_int_equal(count_descriptors(), before);
}

static void test_a_socket_or_a_handle(void **state)
{
	struct streams *pair = *state;
	struct csock_wake wake = CSOCK_WAKE_INIT;

	assert_errno(csock_wait_or_wake(&pair->a, POLLIN, &wake, CSOCK_NEVER), EBADF);
	assert_int_equal(csock_wake_open(&wake), 0);
	assert_domain(csock_wait_or_wake(&pair->a, POLLIN, &wake, CSOCK_NOW), CSOCK_TIMEOUT);
	assert_int_equal(csock_wait_or_wake(&pair->a, POLLOUT, &wake, CSOCK_NEVER), POLLOUT);
	/* The handle comes first. */
	assert_int_equal(csock_wake_set(&wake), 0);
	assert_int_equal(csock_wait_or_wake(&pair->a, POLLOUT, &wake, CSOCK_NEVER), 0);
	assert_int_equal(csock_wake_clear(&wake), 0);
	assert_int_equal(csock_close(&pair->a), 0);
	assert_errno(csock_wait_or_wake(&pair->a, POLLIN, &wake, CSOCK_NEVER), EBADF);
	csock_wake_close(&wake);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_streams, close_streams)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_wait_for_one),
		ON_PAIR(test_many),
		ON_PAIR(test_a_handle),
		ON_PAIR(test_a_socket_or_a_handle),
	};

	return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
