/*
 * The resolver over fakes of getaddrinfo and getnameinfo, which fail because the system does.
 */
#include "support.h"

#include <errno.h>

/* What both functions return, and the errno that they leave. */
static int code, error;

int getaddrinfo(const char *restrict host, const char *restrict service,
		const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
	(void)host;
	(void)service;
	(void)hints;
	(void)list;
	errno = error;
	return code;
}

int getnameinfo(const struct sockaddr *restrict addr, socklen_t length, char *restrict host,
		socklen_t host_size, char *restrict service, socklen_t service_size, int flags)
{
	(void)addr;
	(void)length;
	(void)flags;
	(void)host_size;
	(void)service_size;
	host[0] = service[0] = '\0';
	errno = error;
	return code;
}

static void test_failures(void **state)
{
	const struct csock_hints hints = {0};
	const struct csock_addr addr = {0};
	struct csock_resolution *resolution = NULL;
	char host[CSOCK_HOST_NAME_MAX], service[CSOCK_SERVICE_NAME_MAX];

	(void)state;
	code = EAI_SYSTEM;
	error = EMFILE;
	assert_errno(csock_resolve("a", NULL, &hints, CSOCK_NEVER, &resolution), EMFILE);
	assert_errno(csock_getnameinfo(&addr, 0, host, service), EMFILE);
	error = EINTR;
	assert_domain(csock_resolve("a", NULL, &hints, CSOCK_NEVER, &resolution),
		      CSOCK_INTERRUPTED);
	assert_null(resolution);
	code = EAI_AGAIN;
	int status = csock_getnameinfo(&addr, 0, host, service);
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_AGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
