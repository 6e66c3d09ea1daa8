/*
 * What debug builds catch besides NULL: copies of a socket.
 */
/* The annotations would tell the compiler that NULL is wrong, as it is. */
#define CSOCK_BUILD
#include "csocket/csocket.h"

#include "support.h"

static void test_copy_after_use(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT, copy;
	char byte;

	(void)state;
	assert_int_equal(csock_open_pair(&sock, &other, pair_family(), SOCK_STREAM, 0), 0);
	assert_int_equal(csock_send(&sock, "x", 1, 0, CSOCK_NOW), 1);
	copy = sock;
	assert_refused(csock_send(&copy, "y", 1, 0, CSOCK_NOW), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_recv(&copy, &byte, 1, 0, CSOCK_NEVER), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_connect(&copy, &(struct csock_addr){0}, CSOCK_NOW),
		       CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_move(&(struct csock_socket)CSOCK_SOCKET_INIT, &copy),
		       CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_wait(&copy, POLLIN, CSOCK_NOW), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_close_wait(&copy, CSOCK_NOW), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_close(&copy), CSOCK_REFUSED_COPIED, 0);
	/* The original does not notice. */
	assert_int_equal(csock_recv(&other, &byte, 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_close(&other), 0);
}

static void test_copy_before_use(void **state)
{
	struct csock_socket made = CSOCK_SOCKET_INIT, kept;

	(void)state;
	assert_int_equal(csock_open(&made, pair_family(), SOCK_STREAM, 0), 0);
	kept = made;
	assert_int_equal(csock_set_blocking(&kept, false), 0);
	assert_int_equal(csock_close(&kept), 0);
	/* A closed struct may be anywhere again. */
	made = kept;
	assert_int_equal(csock_close(&made), 0);
	assert_int_equal(csock_open(&made, pair_family(), SOCK_STREAM, 0), 0);
	assert_int_equal(csock_set_blocking(&made, false), 0);
	assert_int_equal(csock_close(&made), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy_after_use),
		cmocka_unit_test(test_copy_before_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
