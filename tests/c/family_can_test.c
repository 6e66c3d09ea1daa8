/*
 * AF_CAN: the bytes of each protocol's address are those of the kernel's struct.
 */
#include "support.h"

#include <linux/can.h>
#include <net/if.h>
#include <string.h>

/* Since Linux 5.4. */
#define J1939_PROTOCOL 7

/* The bytes between the members are 0 too, because they go to the kernel. */
static struct sockaddr_can on_loopback(void)
{
	struct sockaddr_can can;

	memset(&can, 0, sizeof can);
	can.can_family = AF_CAN;
	can.can_ifindex = (int)if_nametoindex("lo");
	assert_true(can.can_ifindex > 0);
	return can;
}

static void check_interface_alone(int protocol)
{
	const struct csock_family *row = family_row(AF_CAN, protocol);
	const struct csock_value lo = text("lo"), as_bytes = bytes("lo", 2), all = text("");
	struct sockaddr_can can = on_loopback();
	struct csock_addr addr = address_of(&can, sizeof can);

	assert_encodes(row, &lo, 1, &can, sizeof can);
	assert_encodes(row, &as_bytes, 1, &can, sizeof can);
	assert_decodes(row, &addr, &lo, 1);
	assert_format(row, &addr, "('lo',)");
	/* All interfaces. */
	can.can_ifindex = 0;
	addr = address_of(&can, sizeof can);
	assert_encodes(row, &all, 1, &can, sizeof can);
	assert_decodes(row, &addr, &all, 1);
	assert_format(row, &addr, "('',)");
	/* An address from the kernel may end after the interface for these protocols. */
	addr.length = offsetof(struct sockaddr_can, can_addr);
	assert_decodes(row, &addr, &all, 1);
	assert_shortest(row, &addr, addr.length);
}

static void test_raw_and_bcm(void **state)
{
	(void)state;
	check_interface_alone(CAN_RAW);
	check_interface_alone(CAN_BCM);
}

static void test_isotp(void **state)
{
	const struct csock_family *row = family_row(AF_CAN, CAN_ISOTP);
	const struct csock_value values[] = {text("lo"), integer(0x123), integer(0x92345678)};
	struct sockaddr_can can = on_loopback();

	(void)state;
	can.can_addr.tp.rx_id = 0x123;
	can.can_addr.tp.tx_id = 0x12345678 | CAN_EFF_FLAG;
	struct csock_addr addr = address_of(&can, sizeof can);
	assert_encodes(row, values, 3, &can, sizeof can);
	assert_decodes(row, &addr, values, 3);
	assert_format(row, &addr, "('lo', 291, 2452903544)");
	addr.length = offsetof(struct sockaddr_can, can_addr.tp.tx_id) + sizeof(canid_t);
	assert_decodes(row, &addr, values, 3);
	assert_shortest(row, &addr, addr.length);
	assert_range(row, values, 3, 1, 0, UINT32_MAX);
	assert_range(row, values, 3, 2, 0, UINT32_MAX);
}

static void test_j1939(void **state)
{
	const struct csock_family *row = family_row(AF_CAN, J1939_PROTOCOL);
	const struct csock_value values[] = {text("lo"), integer(-2), integer(0x3ffff),
					     integer(0xff)};
	struct sockaddr_can can = on_loopback();

	(void)state;
	/* The name has 64 bits: the integer -2 is a name near the largest. */
	can.can_addr.j1939.name = UINT64_MAX - 1;
	can.can_addr.j1939.pgn = 0x3ffff;
	can.can_addr.j1939.addr = 0xff;
	struct csock_addr addr = address_of(&can, sizeof can);
	assert_encodes(row, values, 4, &can, sizeof can);
	assert_decodes(row, &addr, values, 4);
	assert_format(row, &addr, "('lo', 18446744073709551614, 262143, 255)");
	addr.length = offsetof(struct sockaddr_can, can_addr.j1939.addr) + 1;
	assert_decodes(row, &addr, values, 4);
	assert_shortest(row, &addr, addr.length);
	assert_range(row, values, 4, 2, 0, UINT32_MAX);
	assert_range(row, values, 4, 3, 0, UINT8_MAX);
}

static void test_unknown_protocol(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct sockaddr_can can = on_loopback();
	struct csock_addr addr = address_of(&can, sizeof can);
	struct csock_values decoded;
	char buffer[32];

	(void)state;
	sock.protocol = CAN_MCNET;
	assert_null(csock_family_find(AF_CAN, CAN_MCNET));
	assert_refused(csock_addr_decode(&addr, &sock, &decoded), CSOCK_REFUSED_FAMILY, 0);
	assert_refused(csock_addr_decode(&addr, NULL, &decoded), CSOCK_REFUSED_FAMILY, 0);
	assert_string_equal(csock_addr_format(&addr, &sock, buffer, sizeof buffer), "(family 29)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raw_and_bcm),
		cmocka_unit_test(test_isotp),
		cmocka_unit_test(test_j1939),
		cmocka_unit_test(test_unknown_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
