/*
 * Interfaces in addresses: the network namespace of the socket counts, not that of the thread.
 */
#include "support.h"

#include <errno.h>
#include <linux/can.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#define LOOPBACK_INDEX 1
#define OTHER_NAME "csockettest"

/* The result of a thread in its own namespace: a socket, or the reason why there is none. */
struct namespace_result {
	int fd;
	int error;
};

/* A new namespace has only the loopback interface, which is down, and may be renamed. */
static int rename_loopback(int fd)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_newname = OTHER_NAME};

	return ioctl(fd, SIOCSIFNAME, &request);
}

static void *open_in_namespace(void *argument)
{
	struct namespace_result *result = argument;

	result->fd = -1;
	if (unshare(CLONE_NEWNET) == 0)
		result->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (result->fd < 0 || rename_loopback(result->fd) < 0)
		result->error = errno;
	return NULL;
}

/* A socket of another namespace in the role of one of this row. Skips the test without one. */
static void open_elsewhere(struct csock_socket *sock, const struct csock_family *row)
{
	struct namespace_result result = {0};
	pthread_t thread;

	*sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(pthread_create(&thread, NULL, open_in_namespace, &result), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	if (result.error == EPERM && result.fd < 0) {
		printf("skip: a network namespace needs CAP_SYS_ADMIN\n");
		skip();
	}
	assert_int_equal(result.error, 0);
	assert_int_equal(csock_adopt(sock, result.fd, row->family, SOCK_DGRAM,
				     row->protocol == CSOCK_ANY_PROTOCOL ? 0 : row->protocol),
			 0);
}

static bool begins_with_interface(const struct csock_family *row)
{
	return strcmp(row->fields[0].name, "interface name") == 0;
}

static void check_names(const struct csock_family *row)
{
	struct csock_value values[CSOCK_VALUES_MAX] = {text(OTHER_NAME)};
	struct csock_socket sock;
	struct csock_values decoded;
	struct csock_addr addr;

	for (size_t i = 1; i < row->required; i++)
		values[i] = integer(0);
	open_elsewhere(&sock, row);
	assert_int_equal(csock_addr_encode(row, values, row->required, &sock, CSOCK_NOW, &addr), 0);
	assert_true(csock_addr_decode(&addr, &sock, &decoded) > 0);
	assert_string_equal(decoded.item[0].data, OTHER_NAME);
	/* Here the same number has another name, and the name has no number. */
	struct csock_socket closed = socket_of(row);
	assert_true(csock_addr_decode(&addr, &closed, &decoded) > 0);
	assert_string_equal(decoded.item[0].data, "lo");
	assert_errno(csock_addr_encode(row, values, row->required, NULL, CSOCK_NOW, &addr), ENODEV);
	values[0] = text("lo");
	assert_errno(csock_addr_encode(row, values, row->required, &sock, CSOCK_NOW, &addr),
		     ENODEV);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_names_of_the_sockets_namespace(void **state)
{
	const struct csock_family *row;
	int before = count_descriptors();

	(void)state;
	assert_int_equal(if_nametoindex("lo"), LOOPBACK_INDEX);
	for (size_t i = 0; (row = csock_family_at(i)); i++)
		if (begins_with_interface(row))
			check_names(row);
	assert_int_equal(count_descriptors(), before);
}

/* Without an open socket the thread's namespace counts. */
static void test_closed_socket(void **state)
{
	const struct csock_family *row = family_row(AF_CAN, CAN_RAW);
	const struct csock_value value = text("lo");
	struct csock_socket sock;
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	open_elsewhere(&sock, row);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_addr_encode(row, &value, 1, &sock, CSOCK_NOW, &addr), 0);
	assert_int_equal(csock_addr_decode(&addr, &sock, &decoded), 1);
	assert_string_equal(decoded.item[0].data, "lo");
}

static void test_interfaces_that_are_not_there(void **state)
{
	const struct csock_family *row = family_row(AF_CAN, CAN_RAW);
	struct csock_value value = text("csocketnone");
	struct csock_addr addr, before;

	(void)state;
	memset(&before, '#', sizeof before);
	addr = before;
	assert_errno(csock_addr_encode(row, &value, 1, NULL, CSOCK_NOW, &addr), ENODEV);
	value = text("fifteen letters");
	assert_errno(csock_addr_encode(row, &value, 1, NULL, CSOCK_NOW, &addr), ENODEV);
	assert_memory_equal(&addr, &before, sizeof addr);
	value = text("sixteen letters.");
	assert_encode_refused(row, &value, 1, CSOCK_REFUSED_TOO_LONG, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_the_sockets_namespace),
		cmocka_unit_test(test_closed_socket),
		cmocka_unit_test(test_interfaces_that_are_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
