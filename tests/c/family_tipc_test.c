/*
 * AF_TIPC: the bytes of each type of address are those of the kernel's struct.
 */
#include "support.h"

#include <linux/tipc.h>
#include <string.h>

static const struct csock_family *row(void)
{
	return family_row(AF_TIPC, CSOCK_ANY_PROTOCOL);
}

static struct sockaddr_tipc tipc_address(unsigned char type, signed char scope)
{
	struct sockaddr_tipc tipc;

	memset(&tipc, 0, sizeof tipc);
	tipc.family = AF_TIPC;
	tipc.addrtype = type;
	tipc.scope = scope;
	return tipc;
}

static void test_service_range(void **state)
{
	const struct csock_value values[] = {integer(TIPC_ADDR_NAMESEQ), integer(0x12345678),
					     integer(10), integer(UINT32_MAX),
					     integer(TIPC_NODE_SCOPE)};
	struct sockaddr_tipc tipc = tipc_address(TIPC_ADDR_NAMESEQ, TIPC_NODE_SCOPE);

	(void)state;
	tipc.addr.nameseq.type = 0x12345678;
	tipc.addr.nameseq.lower = 10;
	tipc.addr.nameseq.upper = UINT32_MAX;
	struct csock_addr addr = address_of(&tipc, sizeof tipc);
	assert_encodes(row(), values, 5, &tipc, sizeof tipc);
	assert_decodes(row(), &addr, values, 5);
	assert_format(row(), &addr, "(1, 305419896, 10, 4294967295, 3)");
	assert_shortest(row(), &addr, sizeof tipc);
	for (unsigned int word = 1; word <= 3; word++)
		assert_range(row(), values, 5, word, INT32_MIN, UINT32_MAX);
}

/* The third value is for a range, and there is no range. */
static void test_service_address(void **state)
{
	struct csock_value values[] = {integer(TIPC_ADDR_NAME), integer(7), integer(8), integer(99),
				       integer(TIPC_CLUSTER_SCOPE)};
	struct sockaddr_tipc tipc = tipc_address(TIPC_ADDR_NAME, TIPC_CLUSTER_SCOPE);

	(void)state;
	tipc.addr.name.name.type = 7;
	tipc.addr.name.name.instance = 8;
	struct csock_addr addr = address_of(&tipc, sizeof tipc);
	assert_encodes(row(), values, 5, &tipc, sizeof tipc);
	/* The domain of a lookup is no part of the address form. */
	tipc.addr.name.domain = 5;
	addr = address_of(&tipc, sizeof tipc);
	values[3] = values[2];
	assert_decodes(row(), &addr, values, 5);
}

static void test_socket_address(void **state)
{
	struct csock_value values[] = {integer(TIPC_ADDR_ID), integer(0x1001001), integer(42),
				       integer(99), integer(0)};
	struct sockaddr_tipc tipc = tipc_address(TIPC_ADDR_ID, 0);

	(void)state;
	tipc.addr.id.node = 0x1001001;
	tipc.addr.id.ref = 42;
	struct csock_addr addr = address_of(&tipc, sizeof tipc);
	assert_encodes(row(), values, 5, &tipc, sizeof tipc);
	values[3] = integer(0);
	assert_decodes(row(), &addr, values, 5);
	assert_format(row(), &addr, "(3, 16781313, 42, 0, 0)");
}

static void test_scope(void **state)
{
	struct csock_value values[] = {integer(TIPC_ADDR_ID), integer(1), integer(2), integer(0),
				       integer(-1)};
	struct sockaddr_tipc tipc = tipc_address(TIPC_ADDR_ID, TIPC_CLUSTER_SCOPE);

	(void)state;
	tipc.addr.id.node = 1;
	tipc.addr.id.ref = 2;
	assert_encodes(row(), values, 4, &tipc, sizeof tipc);
	/* A scope of -1 withdraws the service. */
	tipc.scope = -1;
	struct csock_addr addr = address_of(&tipc, sizeof tipc);
	assert_encodes(row(), values, 5, &tipc, sizeof tipc);
	assert_decodes(row(), &addr, values, 5);
	assert_range(row(), values, 5, 4, INT8_MIN, INT8_MAX);
}

static void test_negative_numbers_have_all_bits(void **state)
{
	const struct csock_value values[] = {integer(TIPC_ADDR_NAMESEQ), integer(-1),
					     integer(INT32_MIN), integer(-2)};
	struct sockaddr_tipc tipc = tipc_address(TIPC_ADDR_NAMESEQ, TIPC_CLUSTER_SCOPE);

	(void)state;
	tipc.addr.nameseq.type = UINT32_MAX;
	tipc.addr.nameseq.lower = 0x80000000;
	tipc.addr.nameseq.upper = UINT32_MAX - 1;
	assert_encodes(row(), values, 4, &tipc, sizeof tipc);
}

static void test_unknown_types(void **state)
{
	static const int64_t numbers[] = {INT64_MIN, -1, 0, 4, 255, 0x101, 0x102, INT64_MAX};
	struct csock_value values[] = {integer(0), integer(1), integer(2), integer(3)};
	struct sockaddr_tipc tipc = tipc_address(0, 0);
	struct csock_values decoded;
	char buffer[32];

	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		values[0] = integer(numbers[i]);
		assert_encode_refused(row(), values, 4, CSOCK_REFUSED_UNKNOWN, 0);
	}
	for (unsigned int type = 0; type <= UINT8_MAX; type++) {
		if (type >= TIPC_ADDR_NAMESEQ && type <= TIPC_ADDR_ID)
			continue;
		tipc.addrtype = (unsigned char)type;
		struct csock_addr addr = address_of(&tipc, sizeof tipc);
		assert_refused(csock_addr_decode(&addr, NULL, &decoded), CSOCK_REFUSED_UNKNOWN, 0);
		csock_addr_format(&addr, NULL, buffer, sizeof buffer);
		assert_string_equal(buffer, "(family 30)");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_service_range),
		cmocka_unit_test(test_service_address),
		cmocka_unit_test(test_socket_address),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_negative_numbers_have_all_bits),
		cmocka_unit_test(test_unknown_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
