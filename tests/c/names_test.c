/*
 * Names: hosts, services, protocols, interfaces, and IP addresses as text. Nothing here uses the
 * network.
 */
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void test_numeric_resolution(void **state)
{
	const struct csock_hints hints = {.type = SOCK_STREAM, .flags = AI_NUMERICHOST};
	const struct csock_addr wanted = host_address(AF_INET, "127.0.0.1", 80);
	struct csock_resolution *resolution;

	(void)state;
	assert_int_equal(csock_resolve("127.0.0.1", "80", &hints, CSOCK_NEVER, &resolution), 0);
	const struct csock_resolved *entry = csock_resolution_next(resolution);
	assert_non_null(entry);
	assert_int_equal(entry->family, AF_INET);
	assert_int_equal(entry->type, SOCK_STREAM);
	assert_int_equal(entry->protocol, IPPROTO_TCP);
	assert_null(entry->canonical_name);
	assert_true(csock_addr_equal(&entry->addr, &wanted));
	assert_null(csock_resolution_next(resolution));
	csock_resolution_free(resolution);
	csock_resolution_free(NULL);
}

static void test_resolver_failures(void **state)
{
	const struct csock_hints numeric = {.flags = AI_NUMERICHOST}, bad = {.family = 99};
	struct csock_resolution *resolution = NULL;

	(void)state;
	int status = csock_resolve("localhost", NULL, &numeric, CSOCK_NEVER, &resolution);
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_NONAME);
	status = csock_resolve("127.0.0.1", NULL, &bad, CSOCK_NEVER, &resolution);
	assert_int_equal(csock_status_code(status), EAI_FAMILY);
	status = csock_resolve(NULL, NULL, &numeric, CSOCK_NEVER, &resolution);
	assert_int_equal(csock_status_code(status), EAI_NONAME);
	assert_null(resolution);
}

static void test_hosts_without_the_resolver(void **state)
{
	struct csock_addr addr;

	(void)state;
	assert_int_equal(csock_resolve_host("::1", AF_UNSPEC, CSOCK_NOW, &addr), 0);
	assert_int_equal(csock_addr_family(&addr), AF_INET6);
	assert_int_equal(csock_resolve_host("1.2.3.4", AF_UNSPEC, CSOCK_NOW, &addr), 0);
	assert_int_equal(csock_addr_family(&addr), AF_INET);
	assert_domain(csock_resolve_host("localhost", AF_INET, CSOCK_NOW, &addr), CSOCK_WOULD_WAIT);
	assert_int_equal(csock_resolve_host("localhost", AF_INET, CSOCK_NEVER, &addr), 0);
	assert_domain(csock_resolve_host("<broadcast>", AF_INET6, CSOCK_NOW, &addr), CSOCK_REFUSED);
	assert_refused(csock_resolve_host("", AF_UNSPEC, CSOCK_NEVER, &addr),
		       CSOCK_REFUSED_AMBIGUOUS, 0);
	/* The resolver refuses a numeric host of the wrong family. */
	assert_domain(csock_resolve_host("::1", AF_INET, CSOCK_NEVER, &addr), CSOCK_RESOLVER);
}

static void test_name_info(void **state)
{
	const struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 80);
	char host[CSOCK_HOST_NAME_MAX], service[CSOCK_SERVICE_NAME_MAX];

	(void)state;
	assert_int_equal(csock_getnameinfo(&addr, NI_NUMERICHOST | NI_NUMERICSERV, host, service),
			 0);
	assert_string_equal(host, "127.0.0.1");
	assert_string_equal(service, "80");
	assert_domain(csock_getnameinfo(&addr, -1, host, service), CSOCK_RESOLVER);
}

static void test_host_database(void **state)
{
	const struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 0);
	const struct csock_addr none = {0};
	struct csock_host *host = NULL;

	(void)state;
	assert_int_equal(csock_gethostbyname("localhost", &host), 0);
	assert_string_equal(host->name, "localhost");
	assert_true(host->address_count >= 1);
	assert_int_equal(csock_addr_family(&host->addresses[0]), AF_INET);
	csock_host_free(host);
	assert_int_equal(csock_gethostbyaddr(&addr, &host), 0);
	assert_string_equal(host->name, "localhost");
	csock_host_free(host);
	csock_host_free(NULL);
	assert_errno(csock_gethostbyaddr(&none, &host), EAFNOSUPPORT);
	assert_domain(csock_gethostbyname("..", &host), CSOCK_HOST_DATABASE);
}

static void test_services_and_protocols(void **state)
{
	char name[CSOCK_HOST_NAME_MAX];

	(void)state;
	assert_int_equal(csock_getservbyname("domain", "tcp"), 53);
	assert_int_equal(csock_getservbyname("domain", NULL), 53);
	assert_errno(csock_getservbyname("no such service", NULL), ENOENT);
	assert_errno(csock_getservbyname("domain", "nope"), ENOENT);
	assert_int_equal(csock_getservbyport(53, "udp", name), 0);
	assert_string_equal(name, "domain");
	assert_errno(csock_getservbyport(1, "nope", name), ENOENT);
	assert_int_equal(csock_getprotobyname("icmp"), 1);
	assert_errno(csock_getprotobyname("nope"), ENOENT);
}

static void test_interfaces(void **state)
{
	struct csock_interface *list;
	char name[CSOCK_INTERFACE_NAME_MAX];
	int count = csock_if_nameindex(&list);

	(void)state;
	assert_true(count >= 1);
	for (int i = 0; i < count; i++) {
		assert_int_equal(csock_if_nametoindex(list[i].name), list[i].index);
		assert_int_equal(csock_if_indextoname(list[i].index, name), 0);
		assert_string_equal(name, list[i].name);
	}
	free(list);
	assert_errno(csock_if_nametoindex("no-such-name"), ENODEV);
	assert_errno(csock_if_indextoname(0x7fffffff, name), ENXIO);
}

static void test_addresses_as_text(void **state)
{
	static const unsigned char loopback[] = {127, 0, 0, 1};
	unsigned char packed[CSOCK_INET6_SIZE];
	char text[CSOCK_INET_TEXT_MAX];

	(void)state;
	assert_int_equal(csock_inet_size(AF_INET), 4);
	assert_int_equal(csock_inet_size(AF_INET6), 16);
	assert_errno(csock_inet_size(AF_UNIX), EAFNOSUPPORT);
	assert_int_equal(csock_inet_pton(AF_INET, "127.0.0.1", packed), 0);
	assert_memory_equal(packed, loopback, 4);
	assert_refused(csock_inet_pton(AF_INET, "127.1", packed), CSOCK_REFUSED_SYNTAX, 0);
	assert_errno(csock_inet_pton(AF_UNIX, "127.0.0.1", packed), EAFNOSUPPORT);
	assert_int_equal(csock_inet_aton("127.1", packed), 0);
	assert_memory_equal(packed, loopback, 4);
	assert_refused(csock_inet_aton("127.x", packed), CSOCK_REFUSED_SYNTAX, 0);
	assert_int_equal(csock_inet_pton(AF_INET6, "ffff::255.255.255.255", packed), 0);
	assert_int_equal(csock_inet_ntop(AF_INET6, packed, text), 0);
	assert_string_equal(text, "ffff::ffff:ffff");
}

static void test_host_name(void **state)
{
	char name[CSOCK_HOST_NAME_MAX];

	(void)state;
	assert_int_equal(csock_gethostname(name), 0);
	assert_true(strlen(name) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numeric_resolution),
		cmocka_unit_test(test_resolver_failures),
		cmocka_unit_test(test_hosts_without_the_resolver),
		cmocka_unit_test(test_name_info),
		cmocka_unit_test(test_host_database),
		cmocka_unit_test(test_services_and_protocols),
		cmocka_unit_test(test_interfaces),
		cmocka_unit_test(test_addresses_as_text),
		cmocka_unit_test(test_host_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
