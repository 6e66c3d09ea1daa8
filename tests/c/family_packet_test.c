/*
 * AF_PACKET: the bytes are those of the kernel's struct, with hardware addresses of every length.
 */
#include "support.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>

/* MAX_ADDR_LEN of the kernel's linux/netdevice.h. */
#define HARDWARE_ADDRESS_MAX 32
#define HARDWARE_OFFSET offsetof(struct sockaddr_ll, sll_addr)

/* The kernel's struct with more room than the header has. The kernel accepts that. */
union packet_address {
	struct sockaddr_ll ll;
	unsigned char bytes[HARDWARE_OFFSET + HARDWARE_ADDRESS_MAX];
};

static const struct csock_family *row(void)
{
	return family_row(AF_PACKET, CSOCK_ANY_PROTOCOL);
}

static union packet_address on_loopback(void)
{
	union packet_address packet;

	memset(&packet, 0, sizeof packet);
	packet.ll.sll_family = AF_PACKET;
	packet.ll.sll_protocol = htons(ETH_P_IPV6);
	packet.ll.sll_ifindex = (int)if_nametoindex("lo");
	assert_true(packet.ll.sll_ifindex > 0);
	return packet;
}

static void test_values_left_out(void **state)
{
	const struct csock_value values[] = {text("lo"), integer(ETH_P_IPV6),
					     integer(PACKET_OUTGOING), integer(ARPHRD_INFINIBAND),
					     bytes("", 0)};
	union packet_address packet = on_loopback();

	(void)state;
	assert_encodes(row(), values, 2, &packet, sizeof packet.ll);
	packet.ll.sll_pkttype = PACKET_OUTGOING;
	assert_encodes(row(), values, 3, &packet, sizeof packet.ll);
	packet.ll.sll_hatype = ARPHRD_INFINIBAND;
	assert_encodes(row(), values, 4, &packet, sizeof packet.ll);
	assert_encodes(row(), values, 5, &packet, sizeof packet.ll);
	struct csock_addr addr = address_of(&packet, sizeof packet.ll);
	assert_decodes(row(), &addr, values, 5);
	assert_format(row(), &addr, "('lo', 34525, 4, 32, b'')");
	assert_shortest(row(), &addr, HARDWARE_OFFSET);
	assert_range(row(), values, 5, 1, 0, UINT16_MAX);
	assert_range(row(), values, 5, 2, 0, UINT8_MAX);
	assert_range(row(), values, 5, 3, 0, UINT16_MAX);
}

static void test_every_hardware_address(void **state)
{
	struct csock_value values[] = {text("lo"), integer(ETH_P_IPV6), integer(PACKET_HOST),
				       integer(ARPHRD_ETHER), bytes(NULL, 0)};
	unsigned char hardware[HARDWARE_ADDRESS_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof hardware; i++)
		hardware[i] = (unsigned char)(0xa0 + i);
	for (size_t length = 0; length <= HARDWARE_ADDRESS_MAX; length++) {
		union packet_address packet = on_loopback();
		/* The kernel does not accept less than its struct. */
		size_t size = length < 8 ? sizeof packet.ll : HARDWARE_OFFSET + length;
		packet.ll.sll_hatype = ARPHRD_ETHER;
		packet.ll.sll_halen = (unsigned char)length;
		memcpy(packet.bytes + HARDWARE_OFFSET, hardware, length);
		values[4] = bytes(length > 0 ? hardware : NULL, length);
		struct csock_addr addr = address_of(&packet, size);
		assert_encodes(row(), values, 5, &packet, size);
		assert_decodes(row(), &addr, values, 5);
	}
	values[4] = bytes(hardware, sizeof hardware);
	assert_encode_refused(row(), values, 5, CSOCK_REFUSED_TOO_LONG, 4);
}

/* The kernel writes the true length even if the caller's buffer was too short for the address. */
static void test_hardware_address_that_is_not_there(void **state)
{
	const struct csock_value values[] = {text("lo"), integer(ETH_P_IPV6), integer(PACKET_HOST),
					     integer(0), bytes("\1\2\3\4\5\6\7\10", 8)};
	union packet_address packet = on_loopback();

	(void)state;
	memcpy(packet.ll.sll_addr, values[4].data, values[4].length);
	packet.ll.sll_halen = UINT8_MAX;
	struct csock_addr whole = address_of(&packet, sizeof packet);
	for (uint32_t there = 0; there <= 8; there++) {
		struct csock_addr *cut = cut_address(&whole, HARDWARE_OFFSET + there);
		struct csock_value expected[5];
		memcpy(expected, values, sizeof expected);
		expected[4].length = there;
		assert_decodes(row(), cut, expected, 5);
		free(cut);
	}
	/* Bytes beyond the length are no part of the address. */
	packet.ll.sll_halen = 3;
	struct csock_addr addr = address_of(&packet, sizeof packet.ll);
	struct csock_value expected[5];
	memcpy(expected, values, sizeof expected);
	expected[4].length = 3;
	assert_decodes(row(), &addr, expected, 5);
}

static void test_interfaces(void **state)
{
	struct csock_value values[] = {text(""), integer(0)};
	union packet_address packet = on_loopback();
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	packet.ll.sll_ifindex = 0;
	packet.ll.sll_protocol = 0;
	assert_encodes(row(), values, 2, &packet, sizeof packet.ll);
	values[0] = bytes("lo and more", 2);
	packet.ll.sll_ifindex = (int)if_nametoindex("lo");
	assert_encodes(row(), values, 2, &packet, sizeof packet.ll);
	/* An interface that is gone, or never existed, has no name. */
	packet.ll.sll_ifindex = INT32_MAX;
	addr = address_of(&packet, sizeof packet.ll);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 5);
	assert_string_equal(decoded.item[0].data, "");
	packet.ll.sll_ifindex = -1;
	addr = address_of(&packet, sizeof packet.ll);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 5);
	assert_string_equal(decoded.item[0].data, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_left_out),
		cmocka_unit_test(test_every_hardware_address),
		cmocka_unit_test(test_hardware_address_that_is_not_there),
		cmocka_unit_test(test_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
