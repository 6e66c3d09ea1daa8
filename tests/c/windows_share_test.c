/*
 * Windows: sockets for other processes, and controls.
 */
#include "support.h"

#include <errno.h>
#include <string.h>

#include "csocket/windows.h"

static struct csock_socket a, b, shared;
static unsigned char share[CSOCK_SHARE_SIZE];

static int open_pair(void **state)
{
	(void)state;
	a = b = shared = (struct csock_socket)CSOCK_SOCKET_INIT;
	return csock_open_pair(&a, &b, AF_INET, SOCK_STREAM, 0);
}

static int close_all(void **state)
{
	(void)state;
	return csock_close(&a) < 0 || csock_close(&b) < 0 || csock_close(&shared) < 0;
}

static void test_a_shared_socket(void **state)
{
	int family, type, protocol;
	char text[8] = "";

	(void)state;
	assert_int_equal(csock_share_with(&a, (uint32_t)GetCurrentProcessId(), share), 0);
	csock_share_kind(share, &family, &type, &protocol);
	assert_int_equal(family, AF_INET);
	assert_int_equal(type, SOCK_STREAM);
	assert_int_equal(protocol, IPPROTO_TCP);
	assert_int_equal(csock_from_share(&shared, share), 0);
	assert_true(csock_fd(&shared) != csock_fd(&a));
	assert_int_equal(csock_get_inheritable(&shared), 0);
	assert_int_equal(csock_close(&a), 0);
	assert_int_equal(csock_send_all(&shared, "through", 7, 0, NULL, CSOCK_NEVER), 0);
	assert_int_equal(csock_recv(&b, text, sizeof text, 0, CSOCK_NEVER), 7);
	assert_string_equal(text, "through");
}

static void test_failures_of_sharing(void **state)
{
	(void)state;
	assert_errno(csock_share_with(&a, 1, share), EINVAL);
	assert_int_equal(csock_share_with(&a, (uint32_t)GetCurrentProcessId(), share), 0);
	/* An open socket keeps what it has. */
	csock_handle before = csock_fd(&b);
	assert_errno(csock_from_share(&b, share), EBUSY);
	assert_true(csock_fd(&b) == before);
	/* What was written serves once, and that was not yet. */
	assert_int_equal(csock_from_share(&shared, share), 0);
	assert_int_equal(csock_close(&a), 0);
	assert_errno(csock_share_with(&a, (uint32_t)GetCurrentProcessId(), share), EBADF);
}

static void test_controls(void **state)
{
	const u_long on = 1;
	const DWORD keepalive[3] = {1, 5000, 1000};
	char extension[16];
	const GUID id = WSAID_WSASENDMSG;

	(void)state;
	assert_int_equal(csock_io_control(&a, (uint32_t)SIO_KEEPALIVE_VALS, keepalive,
					  sizeof keepalive, NULL, 0),
			 0);
	assert_int_equal(csock_io_control(&a, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id,
					  extension, sizeof extension),
			 sizeof(void *));
	assert_errno(csock_io_control(&a, 0, &on, sizeof on, NULL, 0), EOPNOTSUPP);
	assert_refused(csock_io_control(&a, 0, &on, SIZE_MAX, NULL, 0), CSOCK_REFUSED_SIZE, 0);
	assert_int_equal(csock_close(&a), 0);
	assert_errno(csock_io_control(&a, (uint32_t)SIO_KEEPALIVE_VALS, keepalive, sizeof keepalive,
				      NULL, 0),
		     EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_shared_socket, open_pair, close_all),
		cmocka_unit_test_setup_teardown(test_failures_of_sharing, open_pair, close_all),
		cmocka_unit_test_setup_teardown(test_controls, open_pair, close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
