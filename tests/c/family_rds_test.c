/*
 * AF_RDS: its addresses are those of AF_INET, with that family in them.
 */
#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const struct csock_family *row(void)
{
	return family_row(AF_RDS, CSOCK_ANY_PROTOCOL);
}

static struct sockaddr_in inet_address(sa_family_t family)
{
	struct sockaddr_in sin;

	memset(&sin, 0, sizeof sin);
	sin.sin_family = family;
	sin.sin_port = htons(4000);
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sin;
}

static void test_bytes(void **state)
{
	const struct csock_value values[] = {text("127.0.0.1"), integer(4000)};
	struct sockaddr_in sin = inet_address(AF_INET);
	struct csock_addr addr = address_of(&sin, sizeof sin);

	(void)state;
	assert_encodes(row(), values, 2, &sin, sizeof sin);
	assert_decodes(row(), &addr, values, 2);
	assert_ptr_equal(csock_addr_form(&addr, NULL), csock_family_find(AF_INET, 0));
	sin.sin_family = AF_RDS;
	addr = address_of(&sin, sizeof sin);
	assert_decodes(row(), &addr, values, 2);
	assert_ptr_equal(csock_addr_form(&addr, NULL), row());
	assert_format(row(), &addr, "('127.0.0.1', 4000)");
	assert_shortest(row(), &addr, sizeof sin);
	assert_range(row(), values, 2, 1, 0, UINT16_MAX);
}

static void test_names_need_the_resolver(void **state)
{
	const struct csock_value values[] = {text("localhost"), integer(4000)};
	struct sockaddr_in sin = inet_address(AF_INET);
	struct csock_addr expected = address_of(&sin, sizeof sin), addr;

	(void)state;
	assert_domain(csock_addr_encode(row(), values, 2, NULL, CSOCK_NOW, &addr),
		      CSOCK_WOULD_WAIT);
	assert_int_equal(csock_addr_encode(row(), values, 2, NULL, CSOCK_NEVER, &addr), 0);
	assert_true(csock_addr_equal(&addr, &expected));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_names_need_the_resolver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
