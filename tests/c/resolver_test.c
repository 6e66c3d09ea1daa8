/*
 * The resolver over a fake getaddrinfo: failures, results, and when it is asked at all.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define RESULTS_MAX 3

/* The answer of getaddrinfo, and its arguments. */
static struct {
	int code;
	size_t count;
	struct addrinfo entry[RESULTS_MAX];
	struct sockaddr_storage raw[RESULTS_MAX];
	struct addrinfo hints;
	bool host_is_null;
	int calls;
	int freed;
} fake;

int getaddrinfo(const char *restrict host, const char *restrict service,
		const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
	(void)service;
	fake.calls++;
	fake.hints = *hints;
	fake.host_is_null = host == NULL;
	if (fake.code == 0)
		*list = fake.entry;
	return fake.code;
}

void freeaddrinfo(struct addrinfo *list)
{
	assert_ptr_equal(list, fake.entry);
	fake.freed++;
}

static int setup(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof fake);
	return 0;
}

static void add_result(uint32_t host)
{
	const struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(host)};
	struct addrinfo *entry = &fake.entry[fake.count];

	memcpy(&fake.raw[fake.count], &sin, sizeof sin);
	*entry = (struct addrinfo){
		.ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM,
		.ai_addrlen = sizeof sin,
		.ai_addr = (struct sockaddr *)&fake.raw[fake.count],
	};
	if (fake.count > 0)
		fake.entry[fake.count - 1].ai_next = entry;
	fake.count++;
}

static void test_failures(void **state)
{
	const struct csock_hints hints = {0};
	struct csock_resolution *resolution = NULL;

	(void)state;
	fake.code = EAI_AGAIN;
	int status = csock_resolve("a", NULL, &hints, CSOCK_NEVER, &resolution);
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_AGAIN);
	assert_null(resolution);
	assert_int_equal(fake.freed, 0);
}

static void test_results_in_order(void **state)
{
	const struct csock_hints hints = {AF_INET, SOCK_STREAM, IPPROTO_TCP, AI_CANONNAME};
	char canonical[] = "canonical";
	struct csock_resolution *resolution;

	(void)state;
	add_result(1);
	add_result(2);
	fake.entry[0].ai_canonname = canonical;
	fake.entry[1].ai_addrlen = CSOCK_ADDRESS_MAX + 1;
	assert_int_equal(csock_resolve("a", "b", &hints, CSOCK_NEVER, &resolution), 0);
	assert_int_equal(fake.hints.ai_family, AF_INET);
	assert_int_equal(fake.hints.ai_socktype, SOCK_STREAM);
	assert_int_equal(fake.hints.ai_protocol, IPPROTO_TCP);
	assert_int_equal(fake.hints.ai_flags, AI_CANONNAME);
	const struct csock_resolved *entry = csock_resolution_next(resolution);
	assert_non_null(entry);
	assert_string_equal(entry->canonical_name, "canonical");
	assert_int_equal(entry->addr.length, sizeof(struct sockaddr_in));
	entry = csock_resolution_next(resolution);
	assert_non_null(entry);
	assert_null(entry->canonical_name);
	/* An address that does not fit counts as none. */
	assert_int_equal(entry->addr.length, 0);
	assert_null(csock_resolution_next(resolution));
	assert_null(csock_resolution_next(resolution));
	csock_resolution_free(resolution);
	assert_int_equal(fake.freed, 1);
}

static void test_when_nobody_is_asked(void **state)
{
	static const char *const inet[] = {"", "<broadcast>", "255.255.255.255", "1.2.3.4"};
	static const char *const inet6[] = {"", "::", "::ffff:1.2.3.4"};
	struct csock_addr addr;

	(void)state;
	for (size_t i = 0; i < sizeof inet / sizeof *inet; i++)
		assert_int_equal(csock_resolve_host(inet[i], AF_INET, CSOCK_NEVER, &addr), 0);
	for (size_t i = 0; i < sizeof inet6 / sizeof *inet6; i++)
		assert_int_equal(csock_resolve_host(inet6[i], AF_INET6, CSOCK_NEVER, &addr), 0);
	assert_domain(csock_resolve_host("name", AF_INET, CSOCK_NOW, &addr), CSOCK_WOULD_WAIT);
	assert_domain(csock_resolve_host("fe80::1%lo", AF_UNSPEC, CSOCK_NOW, &addr),
		      CSOCK_WOULD_WAIT);
	assert_int_equal(fake.calls, 0);
}

/* Asserts the number, family and port of the results, and that getaddrinfo is not called. */
static void assert_numeric(const char *host, const char *service, const struct csock_hints *hints,
			   int count, int family, int port)
{
	struct csock_resolution *resolution;
	const struct csock_resolved *entry;
	struct csock_values values;

	assert_int_equal(csock_resolve(host, service, hints, CSOCK_NOW, &resolution), 0);
	while ((entry = csock_resolution_next(resolution))) {
		assert_int_equal(entry->family, family);
		assert_null(entry->canonical_name);
		assert_true(csock_addr_decode(&entry->addr, NULL, &values) >= 2);
		assert_string_equal(values.item[0].data, host);
		assert_int_equal(values.item[1].integer, port);
		count--;
	}
	assert_int_equal(count, 0);
	csock_resolution_free(resolution);
}

static void test_numeric_host_and_service(void **state)
{
	const struct csock_hints any = {0};
	const struct csock_hints stream = {.type = SOCK_STREAM, .flags = AI_NUMERICHOST};
	const struct csock_hints udp = {.family = AF_INET6, .protocol = IPPROTO_UDP};

	(void)state;
	assert_numeric("1.2.3.4", "80", &any, 3, AF_INET, 80);
	assert_numeric("255.10.0.99", NULL, &stream, 1, AF_INET, 0);
	assert_numeric("::1", "65535", &any, 3, AF_INET6, 65535);
	assert_numeric("2001:db8::1", "0", &udp, 1, AF_INET6, 0);
	assert_int_equal(fake.calls, 0);
	assert_int_equal(fake.freed, 0);
}

static void test_what_only_the_resolver_knows(void **state)
{
	static const struct {
		const char *host;
		const char *service;
		struct csock_hints hints;
	} cases[] = {
		{"name", "80", {0}},
		{NULL, "80", {0}},
		{"1.2.3.4", "http", {0}},
		{"1.2.3.4", "", {0}},
		{"1.2.3.4", "65536", {0}},
		{"1.2.3.4", "-1", {0}},
		{"fe80::1%lo", "80", {0}},
		{"1.2.3.4", "80", {.family = AF_INET6}},
		{"1.2.3.4", "80", {.type = SOCK_RAW}},
		{"1.2.3.4", "80", {.type = SOCK_STREAM, .protocol = IPPROTO_UDP}},
		{"1.2.3.4", "80", {.protocol = IPPROTO_SCTP}},
		{"1.2.3.4", "80", {.flags = AI_CANONNAME}},
		{"1.2.3.4", "80", {.flags = AI_ADDRCONFIG}},
	};
	struct csock_resolution *resolution;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_domain(csock_resolve(cases[i].host, cases[i].service, &cases[i].hints,
					    CSOCK_NOW, &resolution),
			      CSOCK_WOULD_WAIT);
	assert_int_equal(fake.calls, 0);
}

static void test_the_first_of_a_host(void **state)
{
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	add_result(0x01020304);
	add_result(0x05060708);
	assert_int_equal(csock_resolve_host("name", AF_INET, CSOCK_NEVER, &addr), 0);
	assert_int_equal(fake.hints.ai_family, AF_INET);
	assert_int_equal(fake.hints.ai_socktype, 0);
	assert_int_equal(fake.hints.ai_flags, 0);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 2);
	assert_string_equal(decoded.item[0].data, "1.2.3.4");
	assert_int_equal(fake.freed, 1);
}

static void test_wildcard_of_any_family(void **state)
{
	struct csock_addr addr, before;

	(void)state;
	add_result(INADDR_ANY);
	assert_int_equal(csock_resolve_host("", AF_UNSPEC, CSOCK_NEVER, &addr), 0);
	assert_true(fake.host_is_null);
	assert_int_equal(fake.hints.ai_socktype, SOCK_DGRAM);
	assert_int_equal(fake.hints.ai_flags, AI_PASSIVE);
	add_result(INADDR_LOOPBACK);
	memset(&before, '#', sizeof before);
	addr = before;
	assert_refused(csock_resolve_host("", AF_UNSPEC, CSOCK_NEVER, &addr),
		       CSOCK_REFUSED_AMBIGUOUS, 0);
	assert_memory_equal(&addr, &before, sizeof addr);
	assert_int_equal(fake.freed, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_failures, setup),
		cmocka_unit_test_setup(test_results_in_order, setup),
		cmocka_unit_test_setup(test_when_nobody_is_asked, setup),
		cmocka_unit_test_setup(test_numeric_host_and_service, setup),
		cmocka_unit_test_setup(test_what_only_the_resolver_knows, setup),
		cmocka_unit_test_setup(test_the_first_of_a_host, setup),
		cmocka_unit_test_setup(test_wildcard_of_any_family, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
