/*
 * The databases of hosts, services and protocols over a fake platform: entries that need much room,
 * and every way to fail.
 */
#include "support.h"

#include <errno.h>
#include <string.h>

#include "failure.h"
#include "platform/platform.h"

/* The number of every protocol. */
#define PROTOCOL 255

/* The platform's answer: it asks for this much room, and then returns this. */
static struct {
	size_t room;
	int answer;
	struct hostent host;
	int port;
	int calls;
	size_t given; /* the room of the last call */
} fake;

static char name[] = "name";
static char alias[] = "alias";
static char *aliases[] = {alias, NULL};
static char *no_aliases[] = {NULL};
static char packed[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f";
static char *addresses[] = {packed, packed, NULL};

/* Copies the names into the buffer, which is overwritten and freed later. */
static int answer(char *buffer, size_t size)
{
	fake.calls++;
	fake.given = size;
	if (size < fake.room)
		return csi_system(ERANGE);
	memset(buffer, '#', size);
	memcpy(buffer, name, sizeof name);
	return fake.answer;
}

static int answer_host(struct hostent *result, char *buffer, size_t size)
{
	int found = answer(buffer, size);

	if (found == 1) {
		*result = fake.host;
		result->h_name = buffer;
	}
	return found;
}

int csi_platform_host_by_name(const char *host, int family, struct hostent *result, char *buffer,
			      size_t size)
{
	assert_string_equal(host, name);
	assert_int_equal(family, AF_INET);
	return answer_host(result, buffer, size);
}

int csi_platform_host_by_addr(const void *bytes, socklen_t length, int family,
			      struct hostent *result, char *buffer, size_t size)
{
	assert_int_equal(length, csock_inet_size(family));
	assert_memory_equal(bytes, packed, (size_t)length);
	return answer_host(result, buffer, size);
}

/* The type of a port in an entry differs by system. */
static __typeof__(((struct servent *)0)->s_port) port_in_entry(int port)
{
	return (__typeof__(((struct servent *)0)->s_port))port;
}

int csi_platform_service_by_name(const char *service, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	(void)protocol;
	assert_string_equal(service, name);
	*result = (struct servent){.s_name = buffer,
				   .s_port = port_in_entry(htons((uint16_t)fake.port))};
	return answer(buffer, size);
}

int csi_platform_service_by_port(int port, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	(void)protocol;
	assert_int_equal(ntohs((uint16_t)port), fake.port);
	*result = (struct servent){.s_name = buffer, .s_port = port_in_entry(port)};
	return answer(buffer, size);
}

int csi_platform_protocol_by_name(const char *protocol, struct protoent *result, char *buffer,
				  size_t size)
{
	assert_string_equal(protocol, name);
	*result = (struct protoent){.p_name = buffer, .p_proto = PROTOCOL};
	return answer(buffer, size);
}

static int setup(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof fake);
	fake.answer = 1;
	fake.port = 65535;
	fake.host = (struct hostent){
		.h_aliases = aliases,
		.h_addrtype = AF_INET,
		.h_length = 4,
		.h_addr_list = addresses,
	};
	return 0;
}

static void test_host_entry(void **state)
{
	struct csock_values decoded;
	struct csock_host *host = NULL;

	(void)state;
	assert_int_equal(csock_gethostbyname(name, &host), 0);
	assert_non_null(host);
	assert_string_equal(host->name, name);
	assert_string_equal(host->aliases[0], alias);
	assert_null(host->aliases[1]);
	assert_int_equal(host->address_count, 2);
	for (size_t i = 0; i < host->address_count; i++) {
		assert_int_equal(csock_addr_decode(&host->addresses[i], NULL, &decoded), 2);
		assert_string_equal(decoded.item[0].data, "1.2.3.4");
		assert_int_equal(decoded.item[1].integer, 0);
	}
	csock_host_free(host);
}

static void test_host_entry_of_inet6(void **state)
{
	const struct csock_addr addr = host_address(AF_INET6, "102:304:506:708:90a:b0c:d0e:f00", 1);
	struct csock_host *host = NULL;

	(void)state;
	fake.host.h_addrtype = AF_INET6;
	fake.host.h_length = 16;
	fake.host.h_aliases = no_aliases;
	assert_int_equal(csock_gethostbyaddr(&addr, &host), 0);
	assert_non_null(host);
	assert_null(host->aliases[0]);
	assert_int_equal(csock_addr_family(&host->addresses[1]), AF_INET6);
	csock_host_free(host);
}

static void test_room_grows(void **state)
{
	char found[CSOCK_HOST_NAME_MAX];
	struct csock_host *host = NULL;

	(void)state;
	fake.room = 100000;
	assert_int_equal(csock_gethostbyname(name, &host), 0);
	assert_non_null(host);
	assert_string_equal(host->name, name);
	csock_host_free(host);
	assert_true(fake.given >= fake.room);
	assert_int_equal(csock_getservbyname(name, NULL), 65535);
	assert_int_equal(csock_getservbyport(65535, NULL, found), 0);
	assert_string_equal(found, name);
	assert_int_equal(csock_getprotobyname(name), PROTOCOL);
}

static void test_room_has_an_end(void **state)
{
	char found[CSOCK_HOST_NAME_MAX];
	struct csock_host *host = NULL;

	(void)state;
	fake.room = SIZE_MAX;
	assert_errno(csock_gethostbyname(name, &host), ERANGE);
	assert_null(host);
	assert_errno(csock_getservbyname(name, NULL), ERANGE);
	assert_errno(csock_getservbyport(65535, NULL, found), ERANGE);
	assert_errno(csock_getprotobyname(name), ERANGE);
	assert_true(fake.calls < 100);
}

static void test_not_there(void **state)
{
	char found[CSOCK_HOST_NAME_MAX] = "before";
	struct csock_host *host = NULL;

	(void)state;
	fake.answer = 0;
	int status = csock_gethostbyname(name, &host);
	assert_domain(status, CSOCK_HOST_DATABASE);
	assert_int_equal(csock_status_code(status), HOST_NOT_FOUND);
	assert_errno(csock_getservbyname(name, NULL), ENOENT);
	assert_errno(csock_getservbyport(65535, NULL, found), ENOENT);
	assert_errno(csock_getprotobyname(name), ENOENT);
	assert_string_equal(found, "before");
	assert_null(host);
}

static void test_failures(void **state)
{
	struct csock_host *host = NULL;

	(void)state;
	fake.answer = csock_status_make(CSOCK_HOST_DATABASE, TRY_AGAIN);
	assert_int_equal(csock_gethostbyname(name, &host), fake.answer);
	fake.answer = csi_system(EMFILE);
	assert_errno(csock_gethostbyname(name, &host), EMFILE);
	assert_errno(csock_getservbyname(name, NULL), EMFILE);
	assert_errno(csock_getprotobyname(name), EMFILE);
	fake.answer = 1;
	fake.host.h_addrtype = AF_UNIX;
	assert_errno(csock_gethostbyname(name, &host), EAFNOSUPPORT);
	assert_null(host);
}

/* These are refused before a database is asked. */
static void test_refusals(void **state)
{
	char found[CSOCK_HOST_NAME_MAX];
	struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 1);
	struct csock_host *host = NULL;

	(void)state;
	assert_refused(csock_getservbyport(-1, NULL, found), CSOCK_REFUSED_RANGE, 0);
	assert_refused(csock_getservbyport(65536 + 53, NULL, found), CSOCK_REFUSED_RANGE, 0);
	addr.length--;
	assert_refused(csock_gethostbyaddr(&addr, &host), CSOCK_REFUSED_SIZE, 0);
	addr = host_address(AF_INET6, "::1", 1);
	addr.length--;
	assert_refused(csock_gethostbyaddr(&addr, &host), CSOCK_REFUSED_SIZE, 0);
	addr.length = 1;
	assert_errno(csock_gethostbyaddr(&addr, &host), EAFNOSUPPORT);
	assert_int_equal(fake.calls, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_host_entry, setup),
		cmocka_unit_test_setup(test_host_entry_of_inet6, setup),
		cmocka_unit_test_setup(test_room_grows, setup),
		cmocka_unit_test_setup(test_room_has_an_end, setup),
		cmocka_unit_test_setup(test_not_there, setup),
		cmocka_unit_test_setup(test_failures, setup),
		cmocka_unit_test_setup(test_refusals, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
