/*
 * AF_NETLINK: the bytes are those of the kernel's struct, also in the kernel's name for a socket.
 */
#include "support.h"

#include <linux/netlink.h>
#include <string.h>

static const struct csock_family *row(void)
{
	return family_row(AF_NETLINK, CSOCK_ANY_PROTOCOL);
}

static struct sockaddr_nl netlink_address(uint32_t pid, uint32_t groups)
{
	struct sockaddr_nl nl;

	memset(&nl, 0, sizeof nl);
	nl.nl_family = AF_NETLINK;
	nl.nl_pid = pid;
	nl.nl_groups = groups;
	return nl;
}

static void test_bytes(void **state)
{
	const struct csock_value values[] = {integer(UINT32_MAX), integer(0x80000001)};
	const struct csock_value negative[] = {integer(-1), integer(INT32_MIN + 1)};
	struct sockaddr_nl nl = netlink_address(UINT32_MAX, 0x80000001);
	struct csock_addr addr = address_of(&nl, sizeof nl);

	(void)state;
	assert_encodes(row(), values, 2, &nl, sizeof nl);
	assert_encodes(row(), negative, 2, &nl, sizeof nl);
	assert_decodes(row(), &addr, values, 2);
	assert_format(row(), &addr, "(4294967295, 2147483649)");
	assert_shortest(row(), &addr, sizeof nl);
	assert_range(row(), values, 2, 0, INT32_MIN, UINT32_MAX);
	assert_range(row(), values, 2, 1, INT32_MIN, UINT32_MAX);
}

/* The kernel chooses the number of a socket that binds to 0. */
static void test_name_of_a_socket(void **state)
{
	const struct csock_value values[] = {integer(0), integer(0)};
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct csock_values decoded;
	struct csock_addr addr = encoded(row(), values, 2), bound;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), 0);
	assert_int_equal(csock_bind(&sock, &addr), 0);
	assert_int_equal(csock_getsockname(&sock, &bound), 0);
	assert_int_equal(csock_addr_decode(&bound, &sock, &decoded), 2);
	assert_true(decoded.item[0].integer > 0);
	assert_true(decoded.item[1].integer == 0);
	struct csock_addr again = encoded(row(), decoded.item, decoded.count);
	assert_true(csock_addr_equal(&again, &bound));
	assert_int_equal(csock_close(&sock), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_name_of_a_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
