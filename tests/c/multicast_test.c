/*
 * Multicast groups.
 */
#include <errno.h>

#include "support.h"

/* The loopback interface usually has no route for groups of IPv6. */
static void test_ipv6(void **state)
{
	const struct csock_addr group = host_address(AF_INET6, "ff15::7777", 0);
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	unsigned int index = loopback_index();
	int64_t interface;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET6, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_join_group(&sock, &group, index), 0);
	assert_errno(csock_join_group(&sock, &group, index), EADDRINUSE);
	assert_int_equal(csock_leave_group(&sock, &group, index), 0);
	assert_domain(csock_leave_group(&sock, &group, index), CSOCK_SYSTEM);
	assert_int_equal(csock_set_multicast_interface(&sock, index), 0);
	assert_int_equal(csock_get_int(&sock, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface), 0);
	assert_int_equal(interface, index);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_refusals(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct csock_addr group = host_address(AF_INET, "127.0.0.1", 0), path;

	(void)state;
	assert_int_equal(csock_addr_unix(&path, "/run/x", 6), 0);
	assert_errno(csock_join_group(&sock, &group, 0), EBADF);
	assert_errno(csock_set_multicast_interface(&sock, 0), EBADF);
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_DGRAM, 0), 0);
	assert_errno(csock_join_group(&sock, &group, 0), EINVAL);
	assert_refused(csock_join_group(&sock, &path, 0), CSOCK_REFUSED_FAMILY, 0);
	assert_refused(csock_leave_group(&sock, &path, 0), CSOCK_REFUSED_FAMILY, 0);
	group.length = sizeof group.raw;
	assert_refused(csock_join_group(&sock, &group, 0), CSOCK_REFUSED_SIZE, 0);
	assert_domain(csock_set_multicast_interface(&sock, 1000000), CSOCK_SYSTEM);
	csock_handle fd = csock_detach(&sock);
	assert_int_equal(csock_adopt(&sock, fd, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_refused(csock_set_multicast_interface(&sock, 0), CSOCK_REFUSED_FAMILY, 0);
	assert_int_equal(csock_close(&sock), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
