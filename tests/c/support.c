/*
 * What the tests of libcsocket share.
 */
#include "support.h"

#include <dirent.h>
#include <string.h>

void assert_domain(ssize_t status, enum csock_domain domain)
{
	assert_int_equal(csock_status_domain((int)status), domain);
}

void assert_errno(ssize_t status, int error)
{
	assert_domain(status, CSOCK_SYSTEM);
	assert_int_equal(csock_status_code((int)status), error);
}

void assert_refused(int status, enum csock_refusal refusal, unsigned int field)
{
	assert_domain(status, CSOCK_REFUSED);
	assert_int_equal(csock_status_code(status), refusal);
	assert_int_equal(csock_status_field(status), field);
}

struct csock_addr host_address(int family, const char *host, int port)
{
	struct csock_addr addr = {0};
	const struct csock_value values[] = {
		{.kind = CSOCK_VALUE_TEXT, .data = host, .length = strlen(host)},
		{.kind = CSOCK_VALUE_INTEGER, .integer = port},
	};

	assert_int_equal(
		csock_addr_encode(csock_family_find(family, 0), values, 2, NULL, CSOCK_NOW, &addr),
		0);
	return addr;
}

int count_descriptors(void)
{
	int count = 0;
	DIR *folder = opendir("/proc/self/fd");

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

void open_listener(struct csock_socket *listener, int family, struct csock_addr *addr)
{
	*listener = (struct csock_socket)CSOCK_SOCKET_INIT;
	*addr = host_address(family, family == AF_INET ? "127.0.0.1" : "::1", 0);
	assert_int_equal(csock_open(listener, family, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_bind(listener, addr), 0);
	assert_int_equal(csock_listen(listener, 8), 0);
	assert_int_equal(csock_getsockname(listener, addr), 0);
}
