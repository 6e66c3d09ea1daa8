/*
 * Sockets: opening, adopting, closing; and their options.
 */
#include "support.h"

#include <errno.h>
#include <string.h>

static void test_open_and_close(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	int before = count_descriptors();

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), 0);
	assert_true(csock_fd(&sock) != CSOCK_NO_HANDLE);
	assert_int_equal(sock.type, SOCK_STREAM);
	assert_true(sock.nonblocking);
	assert_int_equal(csock_get_inheritable(&sock), 0);
	assert_int_equal(csock_set_inheritable(&sock, true), 0);
	assert_int_equal(csock_get_inheritable(&sock), 1);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_fd(&sock), -1);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(count_descriptors(), before);
}

static void test_closed_socket_refuses_everything(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT;
	struct csock_addr addr = {0};
	char byte = 0;
	size_t size = 1, sent = 0;
	int64_t offset = 0;
	csock_handle fd;

	(void)state;
	assert_errno(csock_bind(&sock, &addr), EBADF);
	assert_errno(csock_listen(&sock, 1), EBADF);
	assert_errno(csock_accept(&sock, &other, NULL, 0, CSOCK_NEVER), EBADF);
	assert_errno(csock_connect(&sock, &addr, CSOCK_NEVER), EBADF);
	assert_errno(csock_shutdown(&sock, SHUT_RD), EBADF);
	assert_errno(csock_getsockname(&sock, &addr), EBADF);
	assert_errno(csock_getpeername(&sock, &addr), EBADF);
	assert_errno(csock_getsockopt(&sock, SOL_SOCKET, SO_TYPE, &byte, &size), EBADF);
	assert_errno(csock_setsockopt(&sock, SOL_SOCKET, SO_TYPE, &byte, size), EBADF);
	assert_errno(csock_set_blocking(&sock, true), EBADF);
	assert_errno(csock_get_inheritable(&sock), EBADF);
	assert_errno(csock_set_inheritable(&sock, true), EBADF);
	assert_errno(csock_duplicate(&sock, &fd), EBADF);
	assert_errno(csock_recv(&sock, &byte, 1, 0, CSOCK_NEVER), EBADF);
	assert_errno(csock_send(&sock, &byte, 1, 0, CSOCK_NOW), EBADF);
	assert_errno(csock_send_all(&sock, &byte, 1, 0, &sent, CSOCK_NEVER), EBADF);
	assert_errno(csock_send_file(&sock, 0, &offset, 1, CSOCK_NEVER), EBADF);
	assert_int_equal(csock_detach(&sock), -1);
}

/* Such as one in a struct from calloc(). Descriptor 0 is not its. */
static void test_zeros_are_a_closed_socket(void **state)
{
	struct csock_socket sock;
	int before = count_descriptors();

	(void)state;
	memset(&sock, 0, sizeof sock);
	assert_int_equal(csock_fd(&sock), -1);
	assert_int_equal(csock_detach(&sock), -1);
	assert_errno(csock_listen(&sock, 1), EBADF);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_adopt_asks_the_kernel(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	csock_handle fd = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);

	(void)state;
	assert_int_equal(csock_adopt(&sock, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK), 0);
	assert_int_equal(sock.family, AF_INET6);
	assert_int_equal(sock.type, SOCK_DGRAM);
	assert_int_equal(sock.protocol, IPPROTO_UDP);
	assert_int_equal(csock_detach(&sock), fd);
	assert_int_equal(csock_adopt(&sock, fd, AF_UNIX, CSOCK_ASK, 7), 0);
	assert_int_equal(sock.family, AF_UNIX);
	assert_int_equal(sock.type, SOCK_DGRAM);
	assert_int_equal(sock.protocol, 7);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_options(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct linger linger = {.l_onoff = 1, .l_linger = 7}, got = {0};
	int value = 1;
	size_t size = sizeof value;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_setsockopt(&sock, SOL_SOCKET, SO_REUSEADDR, &value, size), 0);
	value = 0;
	assert_int_equal(csock_getsockopt(&sock, SOL_SOCKET, SO_REUSEADDR, &value, &size), 0);
	assert_int_equal(value, 1);
	assert_int_equal(size, sizeof value);
	assert_int_equal(csock_setsockopt(&sock, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), 0);
	size = sizeof got;
	assert_int_equal(csock_getsockopt(&sock, SOL_SOCKET, SO_LINGER, &got, &size), 0);
	assert_memory_equal(&got, &linger, sizeof got);
	assert_errno(csock_getsockopt(&sock, SOL_SOCKET, 9999, &value, &size), ENOPROTOOPT);
	size = SIZE_MAX;
	assert_refused(csock_getsockopt(&sock, SOL_SOCKET, SO_TYPE, &value, &size),
		       CSOCK_REFUSED_SIZE, 0);
	assert_refused(csock_setsockopt(&sock, SOL_SOCKET, SO_TYPE, &value, SIZE_MAX),
		       CSOCK_REFUSED_SIZE, 0);
	assert_int_equal(csock_close(&sock), 0);
}

/* A closed socket fails with EBADF in any mode and with any deadline. */
static void test_closed_comes_before_refused(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT;
	struct csock_addr addr = {0};
	int64_t offset = 0;
	char byte;

	(void)state;
	assert_errno(csock_accept(&sock, &other, NULL, 0, CSOCK_NOW), EBADF);
	assert_errno(csock_connect(&sock, &addr, CSOCK_NOW), EBADF);
	assert_errno(csock_send_file(&sock, 0, &offset, 1, CSOCK_NOW), EBADF);
	assert_errno(csock_recv(&sock, &byte, 1, MSG_WAITALL, CSOCK_NOW), EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_and_close),
		cmocka_unit_test(test_closed_socket_refuses_everything),
		cmocka_unit_test(test_zeros_are_a_closed_socket),
		cmocka_unit_test(test_adopt_asks_the_kernel),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_closed_comes_before_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
