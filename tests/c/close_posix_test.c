/*
 * Closing a socket whose connections get descriptor 0.
 */
#include "callers.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define ROUNDS 50

/* Descriptor 0 is like any other: a connection that arrives during the close does not leak. */
static void test_close_under_accept_of_descriptor_0(void **state)
{
	int input = dup(0), filler = open("/dev/null", O_RDONLY), leaked = 0;

	(void)state;
	for (int round = 0; round < 10 * ROUNDS; round++) {
		struct csock_socket listener, client = CSOCK_SOCKET_INIT;
		struct csock_addr addr;
		struct caller caller;
		assert_int_equal(dup2(filler, 0), 0);
		open_listener(&listener, AF_INET, &addr);
		assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
		close(0);
		start_callers(&caller, 1, &listener, CSOCK_NEVER, call_accept);
		pause_for(round % 20 * 5000);
		(void)csock_connect(&client, &addr, CSOCK_NOW);
		close_in_use(&listener);
		assert_int_equal(pthread_join(caller.thread, NULL), 0);
		if (caller.result < 0)
			assert_errno(caller.result, EBADF);
		leaked += fcntl(0, F_GETFD) >= 0;
		assert_int_equal(csock_close(&client), 0);
	}
	(void)(input >= 0 ? dup2(input, 0) : close(0));
	close(input);
	close(filler);
	assert_int_equal(leaked, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close_under_accept_of_descriptor_0),
	};

	limit_time(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
