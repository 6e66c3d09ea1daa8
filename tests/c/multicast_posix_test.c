/*
 * Multicast to the group's own address, over an interface of IPv4 by its number: Wine knows none.
 */
#include <errno.h>

#include "support.h"

static void test_the_loopback_interface(void **state)
{
	struct csock_socket member = CSOCK_SOCKET_INIT, sender = CSOCK_SOCKET_INIT;
	const int64_t soon = csock_deadline_after(5 * CSOCK_SECOND);
	struct csock_addr group;
	char data[8];

	(void)state;
	group = host_address(AF_INET, "239.255.77.77", 0);
	assert_int_equal(csock_open(&member, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(&member, &group), 0);
	assert_int_equal(csock_getsockname(&member, &group), 0);
	assert_int_equal(csock_join_group(&member, &group, loopback_index()), 0);
	assert_errno(csock_join_group(&member, &group, loopback_index()), EADDRINUSE);
	assert_int_equal(csock_open(&sender, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_set_multicast_interface(&sender, loopback_index()), 0);
	assert_int_equal(csock_sendto(&sender, "hello", 5, 0, &group, soon), 5);
	assert_int_equal(csock_recv(&member, data, sizeof data, 0, soon), 5);
	assert_int_equal(csock_leave_group(&member, &group, loopback_index()), 0);
	assert_errno(csock_leave_group(&member, &group, loopback_index()), EADDRNOTAVAIL);
	assert_errno(csock_set_multicast_interface(&sender, 1000000), EADDRNOTAVAIL);
	assert_int_equal(csock_close(&sender), 0);
	assert_int_equal(csock_close(&member), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_loopback_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
