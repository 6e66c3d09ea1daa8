/*
 * Segments: runs of datagrams of one size.
 */
#include "segments.h"

#include <errno.h>

static void test_sizes(void **state)
{
	/* Around the kernel's limits: 64 datagrams, and the size of a packet. */
	static const size_t sizes[][2] = {
		{1, 1},         {2, 1},         {64, 1},       {65, 1},        {129, 1},
		{1199, 1200},   {1200, 1200},   {1201, 1200},  {64800, 1200},  {65507, 1200},
		{65508, 1200},  {65536, 1200},  {100000, 999}, {65507, 65507}, {131014, 65507},
		{70000, 40000}, {64000, 1000},  {64001, 1000}, {128000, 1000}, {65507, 100000},
		{96000, 32000}, {300000, 9000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		exchange(AF_INET, 0, sizes[i][0], sizes[i][1]);
		exchange(AF_INET, IPPROTO_UDP, sizes[i][0], sizes[i][1]);
		if (has_ipv6())
			exchange(AF_INET6, 0, sizes[i][0], sizes[i][1]);
	}
	/* The length of IPv6 does not include its own header, as that of IPv4 does. */
	if (has_ipv6())
		exchange(AF_INET6, 0, 131054, 65527);
}

static void test_datagrams_that_are_too_long(void **state)
{
	struct csock_socket a, b;
	struct csock_addr to;

	(void)state;
	open_both(AF_INET, 0, &a, &b, &to);
	assert_errno(csock_send_segments(&a, data, 65508, 65508, 0, &to, CSOCK_NEVER), EMSGSIZE);
	assert_errno(csock_send_segments(&a, data, DATA_SIZE, 65508, 0, &to, CSOCK_NOW), EMSGSIZE);
	assert_errno(csock_send_segments(&a, data, DATA_SIZE, SIZE_MAX, 0, &to, CSOCK_NOW),
		     EMSGSIZE);
	close_both(&a, &b);
}

static void test_what_is_refused(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr to;
	size_t segment_size;

	(void)state;
	open_both(AF_INET, 0, &a, &b, &to);
	assert_refused((int)csock_send_segments(&a, data, 10, 0, 0, &to, CSOCK_NOW),
		       CSOCK_REFUSED_RANGE, 0);
	assert_int_equal(csock_send_segments(&a, data, 0, 10, 0, &to, CSOCK_NEVER), 0);
	assert_errno(csock_recv(&b, data, 1, 0, CSOCK_NOW), EAGAIN);
	close_both(&a, &b);
	assert_errno(csock_send_segments(&a, data, 0, 10, 0, &to, CSOCK_NOW), EBADF);
	assert_errno(csock_send_segments(&a, data, 100, 10, 0, &to, CSOCK_NOW), EBADF);
	assert_errno(csock_recv_segments(&a, data, 1, 0, &segment_size, &to, CSOCK_NOW), EBADF);
	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	assert_errno(csock_send_segments(&a, data, 100, 10, 0, NULL, CSOCK_NOW), EOPNOTSUPP);
	close_both(&a, &b);
}

static void test_single_and_empty_datagrams(void **state)
{
	struct csock_socket a, b;
	struct csock_addr to;

	(void)state;
	open_both(AF_INET, 0, &a, &b, &to);
	assert_single_datagrams(&a, &b, &to);
	close_both(&a, &b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_datagrams_that_are_too_long),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_single_and_empty_datagrams),
	};

	return cmocka_run_group_tests(tests, fill_data, NULL);
}
