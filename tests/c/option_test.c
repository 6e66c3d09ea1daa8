/*
 * Integer options, of 32 or 64 bits, with or without a sign.
 */
#include "support.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

/* From the kernel's linux/vm_sockets.h. The level is the number of the family. */
#define VSOCK_BUFFER_SIZE 0
#define VSOCK_BUFFER_MAX_SIZE 2
#define FAMILY_VSOCK 40

#define WIDE_SIZE (INT64_C(5) << 32)

static void open_inet(struct csock_socket *sock)
{
	*sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_open(sock, AF_INET, SOCK_STREAM, 0), 0);
}

static void test_set_and_get(void **state)
{
	struct csock_socket sock;
	int64_t value = -1;

	(void)state;
	open_inet(&sock);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_KEEPALIVE, &value), 0);
	assert_true(value == 0);
	assert_int_equal(csock_set_int(&sock, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_KEEPALIVE, &value), 0);
	assert_true(value == 1);
	assert_int_equal(csock_set_int(&sock, IPPROTO_IP, IP_TTL, 77), 0);
	assert_int_equal(csock_get_int(&sock, IPPROTO_IP, IP_TTL, &value), 0);
	assert_true(value == 77);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_range(void **state)
{
	static const int64_t numbers[] = {INT64_MIN,  (int64_t)INT_MIN - 1,    (int64_t)INT_MAX + 1,
					  UINT32_MAX, (int64_t)UINT32_MAX + 2, INT64_MAX};
	struct csock_socket sock;
	int64_t value = -1;

	(void)state;
	open_inet(&sock);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		assert_refused(csock_set_int(&sock, SOL_SOCKET, SO_KEEPALIVE, numbers[i]),
			       CSOCK_REFUSED_RANGE, 0);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_KEEPALIVE, &value), 0);
	assert_true(value == 0);
	/* The kernel judges the limits of an int. */
	assert_int_equal(csock_set_int(&sock, SOL_SOCKET, SO_KEEPALIVE, INT_MAX), 0);
	assert_int_equal(csock_set_int(&sock, SOL_SOCKET, SO_KEEPALIVE, INT_MIN), 0);
	assert_int_equal(csock_close(&sock), 0);
}

/* Only an AF_VSOCK socket has 64-bit options, and only at that level. */
static void test_levels_of_other_families(void **state)
{
	struct csock_socket sock;

	(void)state;
	open_inet(&sock);
	assert_refused(csock_set_int(&sock, FAMILY_VSOCK, VSOCK_BUFFER_SIZE, WIDE_SIZE),
		       CSOCK_REFUSED_RANGE, 0);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_failures_write_nothing(void **state)
{
	struct csock_socket sock;
	int64_t value = 42;

	(void)state;
	open_inet(&sock);
	assert_errno(csock_get_int(&sock, IPPROTO_TCP, 9999, &value), ENOPROTOOPT);
	assert_errno(csock_set_int(&sock, IPPROTO_TCP, 9999, 1), ENOPROTOOPT);
	assert_int_equal(csock_close(&sock), 0);
	assert_errno(csock_get_int(&sock, SOL_SOCKET, SO_TYPE, &value), EBADF);
	assert_errno(csock_set_int(&sock, SOL_SOCKET, SO_KEEPALIVE, 1), EBADF);
	assert_true(value == 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_and_get),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_levels_of_other_families),
		cmocka_unit_test(test_failures_write_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
