/*
 * Addresses of every family: encoding, decoding, refusals and text.
 */
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 2000

static int encode(int family, const struct csock_value *values, size_t count,
		  struct csock_addr *addr)
{
	return csock_addr_encode(csock_family_find(family, 0), values, count, NULL, CSOCK_NOW,
				 addr);
}

static void test_inet_round_trips(void **state)
{
	(void)state;
	srand(1);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned char packed[CSOCK_INET_SIZE];
		char host[CSOCK_INET_TEXT_MAX];
		struct csock_values decoded;
		for (size_t b = 0; b < sizeof packed; b++)
			packed[b] = (unsigned char)rand();
		assert_int_equal(csock_inet_ntop(AF_INET, packed, host), 0);
		int port = rand() & 0xffff;
		struct csock_addr addr = host_address(AF_INET, host, port);
		assert_int_equal(csock_addr_family(&addr), AF_INET);
		assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 2);
		assert_string_equal(decoded.item[0].data, host);
		assert_int_equal(decoded.item[1].integer, port);
	}
}

static void test_inet6_round_trips(void **state)
{
	(void)state;
	srand(2);
	for (int i = 0; i < ROUNDS; i++) {
		unsigned char packed[CSOCK_INET6_SIZE];
		char host[CSOCK_INET_TEXT_MAX];
		struct csock_values decoded;
		struct csock_addr addr;
		for (size_t b = 0; b < sizeof packed; b++)
			packed[b] = (unsigned char)rand();
		assert_int_equal(csock_inet_ntop(AF_INET6, packed, host), 0);
		const struct csock_value values[] = {text(host), integer(rand() & 0xffff),
						     integer(rand() & 0xfffff), integer(rand())};
		assert_int_equal(encode(AF_INET6, values, 4, &addr), 0);
		assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 4);
		assert_string_equal(decoded.item[0].data, host);
		for (size_t v = 1; v < 4; v++)
			assert_true(decoded.item[v].integer == values[v].integer);
	}
}

static void test_special_hosts(void **state)
{
	struct csock_values decoded;
	struct csock_addr addr = host_address(AF_INET, "", 1);

	(void)state;
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 2);
	assert_string_equal(decoded.item[0].data, "0.0.0.0");
	addr = host_address(AF_INET, "<broadcast>", 1);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 2);
	assert_string_equal(decoded.item[0].data, "255.255.255.255");
	addr = host_address(AF_INET6, "", 1);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 4);
	assert_string_equal(decoded.item[0].data, "::");
}

static void test_names_need_the_resolver(void **state)
{
	const struct csock_value values[] = {text("localhost"), integer(80)};
	struct csock_addr addr;

	(void)state;
	assert_domain(encode(AF_INET, values, 2, &addr), CSOCK_WOULD_WAIT);
	assert_int_equal(csock_addr_encode(csock_family_find(AF_INET, 0), values, 2, NULL,
					   CSOCK_NEVER, &addr),
			 0);
}

static void test_inet_refusals(void **state)
{
	struct csock_value values[] = {text("127.0.0.1"), integer(1), integer(0), integer(0),
				       integer(0)};
	struct csock_addr addr;

	(void)state;
	assert_refused(encode(AF_INET, values, 1, &addr), CSOCK_REFUSED_COUNT, 0);
	assert_refused(encode(AF_INET, values, 3, &addr), CSOCK_REFUSED_COUNT, 0);
	assert_refused(encode(AF_INET6, values, 5, &addr), CSOCK_REFUSED_COUNT, 0);
	values[1] = integer(65536);
	assert_refused(encode(AF_INET, values, 2, &addr), CSOCK_REFUSED_RANGE, 1);
	values[1] = integer(-1);
	assert_refused(encode(AF_INET, values, 2, &addr), CSOCK_REFUSED_RANGE, 1);
	values[1] = text("80");
	assert_refused(encode(AF_INET, values, 2, &addr), CSOCK_REFUSED_KIND, 1);
	values[1] = integer(1);
	values[0] = integer(5);
	assert_refused(encode(AF_INET, values, 2, &addr), CSOCK_REFUSED_KIND, 0);
	values[0] = (struct csock_value){.kind = CSOCK_VALUE_TEXT, .data = "1\0002", .length = 3};
	assert_refused(encode(AF_INET, values, 2, &addr), CSOCK_REFUSED_NUL, 0);
	values[0] = text("::1");
	values[2] = integer(0x100000);
	assert_refused(encode(AF_INET6, values, 4, &addr), CSOCK_REFUSED_RANGE, 2);
	values[2] = integer(0);
	values[3] = integer(INT64_C(0x100000000));
	assert_refused(encode(AF_INET6, values, 4, &addr), CSOCK_REFUSED_RANGE, 3);
	assert_refused(csock_addr_encode(NULL, values, 2, NULL, CSOCK_NOW, &addr),
		       CSOCK_REFUSED_FAMILY, 0);
}

/* A name of the given length that begins with this byte. */
static int encode_path(char first, size_t length, struct csock_addr *addr)
{
	char name[200];

	memset(name, 'p', sizeof name);
	name[0] = first;
	const struct csock_value value = {
		.kind = CSOCK_VALUE_BYTES, .data = name, .length = length};
	return encode(AF_UNIX, &value, 1, addr);
}

static void test_unix_edges(void **state)
{
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	assert_int_equal(encode_path('p', 107, &addr), 0);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 1);
	assert_int_equal(decoded.item[0].kind, CSOCK_VALUE_TEXT);
	assert_int_equal(decoded.item[0].length, 107);
	assert_refused(encode_path('p', 108, &addr), CSOCK_REFUSED_TOO_LONG, 0);
	assert_int_equal(encode_path('\0', 108, &addr), 0);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 1);
	assert_int_equal(decoded.item[0].kind, CSOCK_VALUE_BYTES);
	assert_int_equal(decoded.item[0].length, 108);
	assert_refused(encode_path('\0', 109, &addr), CSOCK_REFUSED_TOO_LONG, 0);
	assert_int_equal(encode_path('p', 0, &addr), 0);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 1);
	assert_int_equal(decoded.item[0].length, 0);
}

static void test_unix_zero_bytes(void **state)
{
	struct csock_value path = {.kind = CSOCK_VALUE_BYTES, .data = "a\0b", .length = 3};
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	assert_refused(encode(AF_UNIX, &path, 1, &addr), CSOCK_REFUSED_NUL, 0);
	path.data = "\0a\0b";
	path.length = 4;
	assert_int_equal(encode(AF_UNIX, &path, 1, &addr), 0);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 1);
	assert_memory_equal(decoded.item[0].data, "\0a\0b", 4);
	assert_int_equal(decoded.item[0].length, 4);
}

/* An AF_UNIX address of each length, without any zero byte. */
static void test_unix_without_a_final_zero(void **state)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	memset(sun.sun_path, 'x', sizeof sun.sun_path);
	memset(&addr, 'x', sizeof addr);
	memcpy(&addr.raw, &sun, sizeof sun);
	for (uint32_t length = CSOCK_ADDRESS_HEADER; length <= sizeof sun; length++) {
		addr.length = length;
		assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 1);
		assert_int_equal(decoded.item[0].length, length - CSOCK_ADDRESS_HEADER);
	}
}

static void test_format(void **state)
{
	struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 80);
	const struct csock_addr none = {0};
	char buffer[64];

	(void)state;
	assert_string_equal(csock_addr_format(&addr, NULL, buffer, sizeof buffer),
			    "('127.0.0.1', 80)");
	for (size_t size = 1; size < 20; size++) {
		memset(buffer, '#', sizeof buffer);
		csock_addr_format(&addr, NULL, buffer, size);
		assert_true(strlen(buffer) < size);
		assert_int_equal(buffer[size], '#');
	}
	addr = host_address(AF_INET6, "::1", 80);
	assert_string_equal(csock_addr_format(&addr, NULL, buffer, sizeof buffer),
			    "('::1', 80, 0, 0)");
	assert_string_equal(csock_addr_format(&none, NULL, buffer, sizeof buffer), "None");
	assert_int_equal(encode_path('\0', 3, &addr), 0);
	assert_string_equal(csock_addr_format(&addr, NULL, buffer, sizeof buffer), "b'\\x00pp'");
}

static void test_equality(void **state)
{
	const struct csock_addr a = host_address(AF_INET, "127.0.0.1", 80);
	const struct csock_addr b = host_address(AF_INET, "127.0.0.1", 81);

	(void)state;
	assert_true(csock_addr_equal(&a, &a));
	assert_false(csock_addr_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inet_round_trips),
		cmocka_unit_test(test_inet6_round_trips),
		cmocka_unit_test(test_special_hosts),
		cmocka_unit_test(test_names_need_the_resolver),
		cmocka_unit_test(test_inet_refusals),
		cmocka_unit_test(test_unix_edges),
		cmocka_unit_test(test_unix_zero_bytes),
		cmocka_unit_test(test_unix_without_a_final_zero),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_equality),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
