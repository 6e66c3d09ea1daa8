/*
 * Multicast, on the loopback interface.
 */
#include <errno.h>
#include <netinet/in.h>

#include "support.h"

static unsigned int loopback(void)
{
	int index = csock_if_nametoindex("lo");

	assert_true(index > 0);
	return (unsigned int)index;
}

/* A socket bound to a free port of the group's address, and the group with that port. */
static void open_member(struct csock_socket *sock, int family, const char *host,
			struct csock_addr *group)
{
	*group = host_address(family, host, 0);
	assert_int_equal(csock_open(sock, family, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(sock, group), 0);
	assert_int_equal(csock_getsockname(sock, group), 0);
}

static void assert_joins_once(struct csock_socket *sock, const struct csock_addr *group)
{
	assert_int_equal(csock_join_group(sock, group, loopback()), 0);
	assert_errno(csock_join_group(sock, group, loopback()), EADDRINUSE);
}

static void assert_leaves_once(struct csock_socket *sock, const struct csock_addr *group)
{
	assert_int_equal(csock_leave_group(sock, group, loopback()), 0);
	assert_errno(csock_leave_group(sock, group, loopback()), EADDRNOTAVAIL);
}

static void test_ipv4(void **state)
{
	struct csock_socket member = CSOCK_SOCKET_INIT, sender = CSOCK_SOCKET_INIT;
	const int64_t soon = csock_deadline_after(5 * CSOCK_SECOND);
	struct csock_addr group;
	char data[8];

	(void)state;
	open_member(&member, AF_INET, "239.255.77.77", &group);
	assert_joins_once(&member, &group);
	assert_int_equal(csock_open(&sender, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_set_multicast_interface(&sender, loopback()), 0);
	assert_int_equal(csock_sendto(&sender, "hello", 5, 0, &group, soon), 5);
	assert_int_equal(csock_recv(&member, data, sizeof data, 0, soon), 5);
	assert_leaves_once(&member, &group);
	assert_int_equal(csock_close(&sender), 0);
	assert_int_equal(csock_close(&member), 0);
}

/* The loopback interface usually has no route for groups of IPv6. */
static void test_ipv6(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct csock_addr group;
	int64_t interface;

	(void)state;
	open_member(&sock, AF_INET6, "ff15::7777", &group);
	assert_joins_once(&sock, &group);
	assert_leaves_once(&sock, &group);
	assert_int_equal(csock_set_multicast_interface(&sock, loopback()), 0);
	assert_int_equal(csock_get_int(&sock, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface), 0);
	assert_int_equal(interface, loopback());
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
	assert_errno(csock_set_multicast_interface(&sock, 1000000), EADDRNOTAVAIL);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_open(&sock, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_refused(csock_set_multicast_interface(&sock, 0), CSOCK_REFUSED_FAMILY, 0);
	assert_int_equal(csock_close(&sock), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
