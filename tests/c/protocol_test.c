/*
 * The protocols that a system can have, and whether the kernel has them.
 */
#include "support.h"

#include <string.h>

/* Larger than any family's number. */
#define NO_FAMILY 200
/* IANA has no protocol for it. */
#define NO_PROTOCOL 200

static void test_table(void **state)
{
	const struct csock_protocol *protocol;

	(void)state;
	assert_non_null(csock_protocol_at(2));
	assert_null(csock_protocol_at(SIZE_MAX));
	for (size_t i = 0; (protocol = csock_protocol_at(i)); i++) {
		const struct csock_family *row =
			csock_family_find(protocol->family, protocol->protocol);
		assert_non_null(row);
		assert_string_equal(protocol->family_name, row->name);
		assert_true(strlen(protocol->name) > 0);
		assert_non_null(protocol->needs);
		assert_true(protocol->protocol >= 0);
	}
}

/* Each protocol is there once, and those of a family are together. */
static void test_order(void **state)
{
	const struct csock_protocol *protocol;

	(void)state;
	for (size_t i = 1; (protocol = csock_protocol_at(i)); i++) {
		for (size_t other = 0; other < i; other++) {
			if (csock_protocol_at(other)->family != protocol->family)
				continue;
			assert_string_not_equal(protocol->name, csock_protocol_at(other)->name);
			assert_int_equal(csock_protocol_at(i - 1)->family, protocol->family);
		}
	}
}

/* Probing works for every protocol, present or not, and leaves nothing open. */
static void test_probing_all(void **state)
{
	const struct csock_protocol *protocol;
	int before = count_descriptors();

	(void)state;
	for (size_t i = 0; (protocol = csock_protocol_at(i)); i++) {
		int result = csock_protocol_probe(protocol);
		if (result < 0)
			assert_domain(result, CSOCK_SYSTEM);
		else
			assert_true(result <= 1);
	}
	assert_int_equal(count_descriptors(), before);
}

static void test_protocols_that_are_there(void **state)
{
	static const struct csock_protocol protocols[] = {
		{"AF_INET", "IPPROTO_TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP, ""},
		{"AF_INET", "IPPROTO_UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP, ""},
		{"AF_INET", "SOCK_STREAM", AF_INET, SOCK_STREAM, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
		assert_int_equal(csock_protocol_probe(&protocols[i]), 1);
}

static void test_protocols_that_are_not(void **state)
{
	static const struct csock_protocol protocols[] = {
		{"AF_NONE", "SOCK_STREAM", NO_FAMILY, SOCK_STREAM, 0, ""},
		{"AF_INET", "NONE", AF_INET, SOCK_STREAM, NO_PROTOCOL, ""},
		{"AF_INET", "IPPROTO_TCP", AF_INET, SOCK_DGRAM, IPPROTO_TCP, ""},
		{"AF_INET", "SOCK_RDM", AF_INET, SOCK_RDM, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
		assert_int_equal(csock_protocol_probe(&protocols[i]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_probing_all),
		cmocka_unit_test(test_protocols_that_are_there),
		cmocka_unit_test(test_protocols_that_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
