/*
 * Addresses in one call: from a numeric host or a path, their parts, and their text.
 */
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof *(array))

/* An interface that no machine has. */
#define NO_INTERFACE 0x7ffffff0

static void assert_text(const struct csock_addr *addr, const char *expected)
{
	char buffer[CSOCK_ADDRESS_TEXT_MAX];

	assert_string_equal(csock_addr_text(addr, NULL, buffer, sizeof buffer), expected);
}

static void assert_inet(const char *host, const char *expected)
{
	struct csock_addr addr;

	assert_int_equal(csock_addr_inet(&addr, host, 80), 0);
	assert_text(&addr, expected);
}

static void assert_inet6(const char *host, uint32_t scope_id, const char *expected)
{
	struct csock_addr addr;

	assert_int_equal(csock_addr_inet6(&addr, host, 80, scope_id), 0);
	assert_text(&addr, expected);
}

static void test_inet(void **state)
{
	const struct csock_addr expected = host_address(AF_INET, "127.0.0.1", 65535);
	struct csock_addr addr;

	(void)state;
	assert_int_equal(csock_addr_inet(&addr, "127.0.0.1", 65535), 0);
	assert_true(csock_addr_equal(&addr, &expected));
	assert_inet("127.0.0.1", "127.0.0.1:80");
	assert_inet("255.255.255.255", "255.255.255.255:80");
	assert_inet(NULL, "0.0.0.0:80");
}

static void test_inet6(void **state)
{
	const struct csock_addr expected = host_address(AF_INET6, "::1", 80);
	struct csock_addr addr;

	(void)state;
	assert_int_equal(csock_addr_inet6(&addr, "::1", 80, 0), 0);
	assert_true(csock_addr_equal(&addr, &expected));
	assert_inet6("::1", 0, "[::1]:80");
	assert_inet6(NULL, 0, "[::]:80");
	assert_inet6("::ffff:1.2.3.4", 0, "[::ffff:1.2.3.4]:80");
}

/* By number or by name, in the host or beside it. */
static void test_scopes(void **state)
{
	const char *name = loopback_name();
	char named[CSOCK_ADDRESS_HOST_MAX], numbered[CSOCK_ADDRESS_HOST_MAX];
	char expected[CSOCK_ADDRESS_TEXT_MAX], none[CSOCK_INTERFACE_NAME_MAX];
	unsigned int index = loopback_index();

	(void)state;
	snprintf(named, sizeof named, "fe80::1%%%s", name);
	snprintf(numbered, sizeof numbered, "fe80::1%%%u", index);
	snprintf(expected, sizeof expected, "[fe80::1%%%s]:80", name);
	assert_inet6(named, 0, expected);
	assert_inet6("fe80::1", index, expected);
	/* The host's own comes first. */
	assert_inet6(named, NO_INTERFACE, expected);
	assert_inet6(numbered, 0, expected);
	assert_true(csock_if_indextoname(NO_INTERFACE, none) < 0);
	snprintf(expected, sizeof expected, "[fe80::1%%%u]:80", NO_INTERFACE);
	assert_inet6("fe80::1", NO_INTERFACE, expected);
	assert_inet6("fe80::1%4294967295", 0, "[fe80::1%4294967295]:80");
}

static void test_refused_hosts(void **state)
{
	static const char *const neither[] = {"",      "localhost",   "127.1",      "1.2.3.4 ",
					      "[::1]", "<broadcast>", "1.2.3.4:80", "%lo"};
	struct csock_addr addr, before;
	char long_host[5000];

	(void)state;
	memset(long_host, '1', sizeof long_host);
	long_host[sizeof long_host - 1] = '\0';
	memset(&before, '#', sizeof before);
	addr = before;
	for (size_t i = 0; i < LENGTH_OF(neither); i++) {
		assert_refused(csock_addr_inet(&addr, neither[i], 80), CSOCK_REFUSED_SYNTAX, 0);
		assert_refused(csock_addr_inet6(&addr, neither[i], 80, 0), CSOCK_REFUSED_SYNTAX, 0);
	}
	assert_refused(csock_addr_inet(&addr, "::1", 80), CSOCK_REFUSED_SYNTAX, 0);
	assert_refused(csock_addr_inet6(&addr, "1.2.3.4", 80, 0), CSOCK_REFUSED_SYNTAX, 0);
	assert_refused(csock_addr_inet(&addr, long_host, 80), CSOCK_REFUSED_SYNTAX, 0);
	assert_refused(csock_addr_inet6(&addr, long_host, 80, 0), CSOCK_REFUSED_SYNTAX, 0);
	assert_errno(csock_addr_inet6(&addr, "fe80::1%none", 80, 0), ENODEV);
	assert_errno(csock_addr_inet6(&addr, "fe80::1%", 80, 0), ENODEV);
	assert_errno(csock_addr_inet6(&addr, "fe80::1%1x", 80, 0), ENODEV);
	assert_refused(csock_addr_inet6(&addr, "fe80::1%4294967296", 80, 0), CSOCK_REFUSED_RANGE,
		       0);
	assert_memory_equal(&addr, &before, sizeof addr);
}

static void test_ports(void **state)
{
	static const int wrong[] = {-1, 65536, 65536 + 80, INT32_MIN, INT32_MAX};
	struct csock_addr addr;

	(void)state;
	for (size_t i = 0; i < LENGTH_OF(wrong); i++) {
		assert_refused(csock_addr_inet(&addr, "127.0.0.1", wrong[i]), CSOCK_REFUSED_RANGE,
			       1);
		assert_refused(csock_addr_inet6(&addr, "::1", wrong[i], 0), CSOCK_REFUSED_RANGE, 1);
	}
	assert_int_equal(csock_addr_inet(&addr, "127.0.0.1", 0), 0);
	assert_int_equal(csock_addr_port(&addr), 0);
	assert_int_equal(csock_addr_set_port(&addr, 65535), 0);
	assert_text(&addr, "127.0.0.1:65535");
	assert_int_equal(csock_addr_inet6(&addr, "fe80::1", 1, 2), 0);
	assert_int_equal(csock_addr_port(&addr), 1);
	assert_int_equal(csock_addr_set_port(&addr, 258), 0);
	assert_int_equal(csock_addr_port(&addr), 258);
	for (size_t i = 0; i < LENGTH_OF(wrong); i++)
		assert_refused(csock_addr_set_port(&addr, wrong[i]), CSOCK_REFUSED_RANGE, 1);
	assert_int_equal(csock_addr_port(&addr), 258);
}

static void test_hosts(void **state)
{
	char host[CSOCK_ADDRESS_HOST_MAX], scoped[CSOCK_ADDRESS_HOST_MAX];
	struct csock_addr addr;

	(void)state;
	snprintf(scoped, sizeof scoped, "fe80::1%%%s", loopback_name());
	assert_int_equal(csock_addr_inet(&addr, "192.0.2.1", 80), 0);
	assert_int_equal(csock_addr_host(&addr, NULL, host), 0);
	assert_string_equal(host, "192.0.2.1");
	assert_int_equal(csock_addr_inet6(&addr, "FE80:0::1", 80, loopback_index()), 0);
	assert_int_equal(csock_addr_host(&addr, NULL, host), 0);
	assert_string_equal(host, scoped);
	assert_int_equal(csock_addr_unix(&addr, "/x", 2), 0);
	assert_refused(csock_addr_host(&addr, NULL, host), CSOCK_REFUSED_FAMILY, 0);
	assert_refused(csock_addr_port(&addr), CSOCK_REFUSED_FAMILY, 0);
	assert_refused(csock_addr_set_port(&addr, 1), CSOCK_REFUSED_FAMILY, 0);
}

static void test_unix(void **state)
{
	char longest[108];
	struct csock_addr addr;

	(void)state;
	memset(longest, 'p', sizeof longest);
	assert_int_equal(csock_addr_unix(&addr, "/run/x.sock", 11), 0);
	assert_int_equal(addr.length, offsetof(struct sockaddr_un, sun_path) + 11);
	assert_text(&addr, "/run/x.sock");
	assert_int_equal(csock_addr_unix(&addr, "/a\n'\\\xff", 6), 0);
	assert_text(&addr, "/a\\x0a'\\x5c\\xff");
	assert_int_equal(csock_addr_unix(&addr, "", 0), 0);
	assert_text(&addr, "(unnamed)");
	assert_int_equal(csock_addr_unix(&addr, NULL, 0), 0);
	assert_int_equal(csock_addr_unix(&addr, longest, 107), 0);
	assert_refused(csock_addr_unix(&addr, longest, 108), CSOCK_REFUSED_TOO_LONG, 0);
	assert_refused(csock_addr_unix(&addr, "a\0b", 3), CSOCK_REFUSED_NUL, 0);
}

static void test_abstract(void **state)
{
	char longest[109] = {0};
	struct csock_addr addr;

	(void)state;
	assert_int_equal(csock_addr_unix(&addr, "\0name\0x\n", 8), 0);
	assert_text(&addr, "@name@x\\x0a");
	assert_int_equal(csock_addr_unix(&addr, longest, 108), 0);
	assert_refused(csock_addr_unix(&addr, longest, 109), CSOCK_REFUSED_TOO_LONG, 0);
}

static void test_from_sockaddr(void **state)
{
	const struct csock_addr expected = host_address(AF_INET, "127.0.0.1", 80);
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(80)};
	const union {
		struct sockaddr_storage storage;
		unsigned char bytes[CSOCK_ADDRESS_MAX];
	} large = {{.ss_family = AF_INET6}};
	struct csock_addr addr;

	(void)state;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(csock_addr_from_sockaddr(&addr, &sin, sizeof sin), 0);
	assert_true(csock_addr_equal(&addr, &expected));
	assert_refused(csock_addr_from_sockaddr(&addr, &sin, 0), CSOCK_REFUSED_SIZE, 0);
	assert_refused(csock_addr_from_sockaddr(&addr, &sin, 1), CSOCK_REFUSED_SIZE, 0);
	assert_refused(csock_addr_from_sockaddr(&addr, &large, sizeof large + 1),
		       CSOCK_REFUSED_SIZE, 0);
	assert_true(csock_addr_equal(&addr, &expected));
	assert_int_equal(csock_addr_from_sockaddr(&addr, &large, sizeof large), 0);
	assert_int_equal(csock_addr_family(&addr), AF_INET6);
}

/* Reads nothing beyond the length: the memory ends there. */
static void test_addresses_cut_short(void **state)
{
	const struct csock_addr whole[] = {host_address(AF_INET, "127.0.0.1", 80),
					   host_address(AF_INET6, "::1", 80)};
	char buffer[CSOCK_ADDRESS_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < LENGTH_OF(whole); i++)
		for (uint32_t length = 0; length < whole[i].length; length++) {
			struct csock_addr *cut = cut_address(&whole[i], length);
			int status = csock_addr_port(cut);
			if (length < CSOCK_ADDRESS_HEADER)
				assert_refused(status, CSOCK_REFUSED_FAMILY, 0);
			else
				assert_refused(status, CSOCK_REFUSED_SIZE, 0);
			assert_int_equal(csock_addr_set_port(cut, 1), status);
			assert_int_equal(csock_addr_host(cut, NULL, buffer), status);
			csock_addr_text(cut, NULL, buffer, sizeof buffer);
			free(cut);
		}
}

/* Other families have the tuple's form; and no text is longer than its buffer. */
static void test_text(void **state)
{
	const struct csock_addr none = {0};
	const struct sockaddr unknown = {.sa_family = 99};
	struct csock_addr addr;
	char buffer[64];

	(void)state;
	assert_text(&none, "(none)");
	addr = address_of(&unknown, sizeof unknown);
	assert_text(&addr, "(family 99)");
	assert_int_equal(csock_addr_inet6(&addr, "::1", 80, 0), 0);
	for (size_t size = 1; size < 16; size++) {
		memset(buffer, '#', sizeof buffer);
		csock_addr_text(&addr, NULL, buffer, size);
		assert_int_equal(strlen(buffer), size > 8 ? 8 : size - 1);
		assert_int_equal(buffer[size], '#');
	}
	assert_ptr_equal(csock_addr_text(&addr, NULL, buffer, 0), buffer);
}

/* The longest texts: every byte escaped. */
static void test_room_for_any_text(void **state)
{
	char name[108], buffer[2 * CSOCK_ADDRESS_TEXT_MAX];
	struct csock_addr addr;

	(void)state;
	memset(name, 1, sizeof name);
	name[0] = '\0';
	assert_int_equal(csock_addr_unix(&addr, name, sizeof name), 0);
	assert_true(strlen(csock_addr_text(&addr, NULL, buffer, sizeof buffer)) <
		    CSOCK_ADDRESS_TEXT_MAX);
	for (int family = 0; family < 50; family++) {
		memset(&addr.raw, 0xff, sizeof addr.raw);
		addr.length = sizeof addr.raw;
		*(sa_family_t *)(void *)&addr.raw = (sa_family_t)family;
		assert_true(strlen(csock_addr_text(&addr, NULL, buffer, sizeof buffer)) <
			    CSOCK_ADDRESS_TEXT_MAX);
		assert_true(strlen(csock_addr_format(&addr, NULL, buffer, sizeof buffer)) <
			    CSOCK_ADDRESS_TEXT_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inet),          cmocka_unit_test(test_inet6),
		cmocka_unit_test(test_scopes),        cmocka_unit_test(test_refused_hosts),
		cmocka_unit_test(test_ports),         cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_unix),          cmocka_unit_test(test_abstract),
		cmocka_unit_test(test_from_sockaddr), cmocka_unit_test(test_addresses_cut_short),
		cmocka_unit_test(test_text),          cmocka_unit_test(test_room_for_any_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
