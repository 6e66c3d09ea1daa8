/*
 * AF_INET and AF_INET6: hosts of every form, the limits of the integers, and addresses at the end
 * of their memory.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define LONG_HOST 5000

static int encode(int family, const struct csock_value *values, size_t count, int64_t deadline,
		  struct csock_addr *addr)
{
	return csock_addr_encode(csock_family_find(family, 0), values, count, NULL, deadline, addr);
}

static void assert_host(const struct csock_addr *addr, const char *host)
{
	struct csock_values decoded;

	assert_true(csock_addr_decode(addr, NULL, &decoded) >= 2);
	assert_int_equal(decoded.item[0].kind, CSOCK_VALUE_TEXT);
	assert_string_equal(decoded.item[0].data, host);
	assert_int_equal(decoded.item[0].length, strlen(host));
}

static void test_hosts_as_bytes(void **state)
{
	struct csock_value values[] = {bytes("127.0.0.1 and more", 9), integer(1)};
	struct csock_addr addr;

	(void)state;
	assert_int_equal(encode(AF_INET, values, 2, CSOCK_NOW, &addr), 0);
	assert_host(&addr, "127.0.0.1");
	values[0] = bytes("::1%lo", 3);
	assert_int_equal(encode(AF_INET6, values, 2, CSOCK_NOW, &addr), 0);
	assert_host(&addr, "::1");
	values[0] = bytes(NULL, 0);
	assert_int_equal(encode(AF_INET, values, 2, CSOCK_NOW, &addr), 0);
	assert_host(&addr, "0.0.0.0");
}

static void test_no_host_is_the_wildcard(void **state)
{
	struct csock_value values[] = {{.kind = CSOCK_VALUE_NONE}, integer(1)};
	struct csock_addr addr;

	(void)state;
	/* For a value of kind NONE nothing else counts. */
	values[0].length = 7;
	assert_int_equal(encode(AF_INET, values, 2, CSOCK_NOW, &addr), 0);
	assert_host(&addr, "0.0.0.0");
	assert_int_equal(encode(AF_INET6, values, 2, CSOCK_NOW, &addr), 0);
	assert_host(&addr, "::");
}

/* The address's fourth value is the scope, even if the host names another. */
static void test_scope_of_the_host(void **state)
{
	const struct csock_value values[] = {bytes("fe80::1%lo", 10), integer(1), integer(0),
					     integer(77)};
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	assert_domain(encode(AF_INET6, values, 2, CSOCK_NOW, &addr), CSOCK_WOULD_WAIT);
	assert_int_equal(encode(AF_INET6, values, 2, CSOCK_NEVER, &addr), 0);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 4);
	assert_string_equal(decoded.item[0].data, "fe80::1");
	assert_int_equal(decoded.item[3].integer, 0);
	assert_int_equal(encode(AF_INET6, values, 4, CSOCK_NEVER, &addr), 0);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 4);
	assert_int_equal(decoded.item[3].integer, 77);
}

static void test_broadcast_is_of_inet(void **state)
{
	const struct csock_value values[] = {bytes("<broadcast>", 11), integer(1)};
	struct csock_addr addr;

	(void)state;
	assert_int_equal(encode(AF_INET, values, 2, CSOCK_NOW, &addr), 0);
	assert_host(&addr, "255.255.255.255");
	assert_refused(encode(AF_INET6, values, 2, CSOCK_NOW, &addr), CSOCK_REFUSED_FAMILY, 0);
}

static void test_long_hosts(void **state)
{
	char host[LONG_HOST];
	struct csock_value values[] = {{.kind = CSOCK_VALUE_NONE}, integer(1)};
	struct csock_addr addr;

	(void)state;
	memset(host, 'a', sizeof host);
	for (size_t length = CSOCK_HOST_NAME_MAX; length <= LONG_HOST; length *= 2) {
		values[0] = bytes(host, length);
		int status = encode(AF_INET, values, 2, CSOCK_NEVER, &addr);
		assert_domain(status, CSOCK_RESOLVER);
		assert_int_equal(csock_status_code(status), EAI_NONAME);
	}
	values[0] = bytes(host, CSOCK_HOST_NAME_MAX - 1);
	assert_domain(encode(AF_INET, values, 2, CSOCK_NOW, &addr), CSOCK_WOULD_WAIT);
}

static void test_edges_of_integers(void **state)
{
	static const int64_t maximum[] = {0, UINT16_MAX, 0xfffff, UINT32_MAX};
	struct csock_value values[] = {bytes("::1", 3), integer(0), integer(0), integer(0)};
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	for (unsigned int i = 1; i < 4; i++) {
		values[i] = integer(maximum[i]);
		assert_int_equal(encode(AF_INET6, values, 4, CSOCK_NOW, &addr), 0);
		assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 4);
		assert_true(decoded.item[i].integer == maximum[i]);
		values[i] = integer(maximum[i] + 1);
		assert_refused(encode(AF_INET6, values, 4, CSOCK_NOW, &addr), CSOCK_REFUSED_RANGE,
			       i);
		values[i] = integer(-1);
		assert_refused(encode(AF_INET6, values, 4, CSOCK_NOW, &addr), CSOCK_REFUSED_RANGE,
			       i);
		values[i] = integer(INT64_MIN);
		assert_refused(encode(AF_INET6, values, 4, CSOCK_NOW, &addr), CSOCK_REFUSED_RANGE,
			       i);
		values[i] = (struct csock_value){.kind = CSOCK_VALUE_NONE};
		assert_refused(encode(AF_INET6, values, 4, CSOCK_NOW, &addr), CSOCK_REFUSED_KIND,
			       i);
		values[i] = integer(0);
	}
}

static void test_failures_write_nothing(void **state)
{
	const struct csock_value values[] = {bytes("1.2.3.4", 7), integer(65536)};
	const struct csock_value name[] = {bytes("localhost", 9), integer(1)};
	struct csock_addr addr, before;

	(void)state;
	memset(&before, '#', sizeof before);
	addr = before;
	assert_refused(encode(AF_INET, values, 2, CSOCK_NOW, &addr), CSOCK_REFUSED_RANGE, 1);
	assert_domain(encode(AF_INET, name, 2, CSOCK_NOW, &addr), CSOCK_WOULD_WAIT);
	assert_memory_equal(&addr, &before, sizeof addr);
}

/* Uses memory that ends with the address, so that ASan finds a read past it. */
static void decode_exactly(const struct csock_addr *whole, uint32_t length)
{
	struct csock_addr *cut = cut_address(whole, length);
	struct csock_values decoded;
	char buffer[64];

	int result = csock_addr_decode(cut, NULL, &decoded);
	if (length < CSOCK_ADDRESS_HEADER)
		assert_refused(result, CSOCK_REFUSED_FAMILY, 0);
	else if (length < whole->length)
		assert_refused(result, CSOCK_REFUSED_SIZE, 0);
	else
		assert_true(result >= 2);
	csock_addr_format(cut, NULL, buffer, sizeof buffer);
	assert_true(csock_addr_equal(cut, cut));
	free(cut);
}

static void test_addresses_cut_short(void **state)
{
	const struct csock_addr whole[] = {
		host_address(AF_INET, "127.0.0.1", 80),
		host_address(AF_INET6, "::1", 80),
	};

	(void)state;
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		for (uint32_t length = 0; length <= whole[i].length; length++)
			decode_exactly(&whole[i], length);
}

static void test_addresses_longer_than_any(void **state)
{
	struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 80);
	struct csock_values decoded;

	(void)state;
	addr.length = CSOCK_ADDRESS_MAX + 1;
	assert_refused(csock_addr_decode(&addr, NULL, &decoded), CSOCK_REFUSED_SIZE, 0);
	addr.length = UINT32_MAX;
	assert_refused(csock_addr_decode(&addr, NULL, &decoded), CSOCK_REFUSED_SIZE, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_as_bytes),
		cmocka_unit_test(test_no_host_is_the_wildcard),
		cmocka_unit_test(test_scope_of_the_host),
		cmocka_unit_test(test_broadcast_is_of_inet),
		cmocka_unit_test(test_long_hosts),
		cmocka_unit_test(test_edges_of_integers),
		cmocka_unit_test(test_failures_write_nothing),
		cmocka_unit_test(test_addresses_cut_short),
		cmocka_unit_test(test_addresses_longer_than_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
