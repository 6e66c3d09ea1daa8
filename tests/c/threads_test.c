/*
 * The first threads of a process. They must find the counts that a single thread made correct.
 */
#include "support.h"

#include <pthread.h>

#include "inflight.h"

static int open_pair(void **state)
{
	static struct csock_socket pair[2];

	pair[0] = pair[1] = (struct csock_socket)CSOCK_SOCKET_INIT;
	*state = pair;
	return csock_open_pair(&pair[0], &pair[1], pair_family(), SOCK_STREAM, 0);
}

static int close_pair(void **state)
{
	struct csock_socket *pair = *state;
	int result = csock_close(&pair[0]);

	return csock_close(&pair[1]) < 0 ? -1 : result;
}

static void *close_in_thread(void *sock)
{
	assert_false(csock_is_single_threaded());
	assert_domain(csock_close(sock), CSOCK_IN_USE);
	return NULL;
}

/* The first test, while there is no other thread. If the system does not tell, there may be one. */
static void test_a_call_that_outlives_being_alone(void **state)
{
	struct csock_socket *sock = *state;
	pthread_t thread;
	csock_handle fd = CSOCK_NO_HANDLE;

	assert_int_equal(csi_enter(sock, &fd), 0);
	assert_true(csi_is_occupied(sock));
	assert_int_equal(pthread_create(&thread, NULL, close_in_thread, sock), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(csi_is_closed(sock));
	assert_true(is_open_descriptor(fd));
	csi_leave(sock);
	assert_false(is_open_descriptor(fd));
	assert_false(csi_is_occupied(sock));
}

#define BYTES 10000

static void *send_all(void *sock)
{
	for (int i = 0; i < BYTES; i++)
		assert_int_equal(csock_send(sock, "x", 1, 0, CSOCK_NEVER), 1);
	return NULL;
}

/* Two threads on both ends: at the end no call counts as in progress. */
static void test_calls_of_two_threads(void **state)
{
	struct csock_socket *pair = *state;
	pthread_t thread;
	char byte;

	assert_int_equal(csock_send(&pair[1], "x", 1, 0, CSOCK_NOW), 1);
	assert_int_equal(pthread_create(&thread, NULL, send_all, &pair[0]), 0);
	assert_int_equal(csock_recv(&pair[0], &byte, 1, 0, CSOCK_NEVER), 1);
	for (int i = 0; i < BYTES; i++)
		assert_int_equal(csock_recv(&pair[1], &byte, 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_false(csi_is_occupied(&pair[0]) || csi_is_occupied(&pair[1]));
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_a_call_that_outlives_being_alone),
		ON_PAIR(test_calls_of_two_threads),
	};

	return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
