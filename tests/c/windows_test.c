/*
 * Windows: handles, the mode of a socket, and what Winsock has otherwise.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "csocket/windows.h"

/* A call that nothing ends goes on for so long. */
#define PATIENCE (9000 * MILLISECOND)

static struct csock_socket a, b;

static int open_pair(void **state)
{
	(void)state;
	a = b = (struct csock_socket)CSOCK_SOCKET_INIT;
	return csock_open_pair(&a, &b, AF_INET, SOCK_STREAM, 0);
}

static int close_pair(void **state)
{
	(void)state;
	return csock_close(&a) < 0 || csock_close(&b) < 0;
}

/* The socket's mode, by what Winsock does: it cannot be asked. */
static bool handle_waits(struct csock_socket *sock)
{
	const DWORD limit = 50;
	char byte;

	assert_int_equal(csock_setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
	assert_int_equal(recv(csock_fd(sock), &byte, 1, 0), SOCKET_ERROR);
	return WSAGetLastError() == WSAETIMEDOUT;
}

static void test_handles_are_not_inherited(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	csock_handle fd;
	DWORD flags;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_get_inheritable(&sock), 0);
	assert_int_equal(csock_set_inheritable(&sock, true), 0);
	assert_int_equal(csock_get_inheritable(&sock), 1);
	assert_int_equal(csock_duplicate(&sock, &fd), 0);
	assert_true(GetHandleInformation((HANDLE)fd, &flags));
	assert_int_equal(flags & HANDLE_FLAG_INHERIT, 0);
	assert_int_equal(csock_descriptor_close(fd), 0);
	assert_errno(csock_descriptor_close(fd), EBADF);
	assert_int_equal(csock_close(&sock), 0);
	assert_true(csock_fd(&sock) == CSOCK_NO_HANDLE);
}

static void test_adopting(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	csock_handle fd;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET6, SOCK_DGRAM, IPPROTO_UDP), 0);
	fd = csock_detach(&sock);
	assert_int_equal(csock_adopt(&sock, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK), 0);
	assert_int_equal(sock.family, AF_INET6);
	assert_int_equal(sock.type, SOCK_DGRAM);
	assert_int_equal(sock.protocol, IPPROTO_UDP);
	assert_int_equal(csock_close(&sock), 0);
	assert_errno(csock_adopt(&sock, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK), ENOTSOCK);
	assert_errno(csock_listen(&sock, 1), EBADF);
}

static void test_pairs_are_of_streams(void **state)
{
	struct csock_socket one = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT;

	(void)state;
	assert_errno(csock_open_pair(&one, &other, AF_UNIX, SOCK_STREAM, 0), EAFNOSUPPORT);
	assert_errno(csock_open_pair(&one, &other, AF_INET, SOCK_DGRAM, 0), ESOCKTNOSUPPORT);
	assert_int_equal(csock_open_pair(&one, &other, AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0),
			 0);
	assert_true(csock_is_nonblocking(&one) && csock_is_nonblocking(&other));
	assert_false(handle_waits(&one) || handle_waits(&other));
	assert_int_equal(csock_close(&one), 0);
	assert_int_equal(csock_close(&other), 0);
}

static void test_a_try_leaves_the_mode(void **state)
{
	char byte;

	(void)state;
	assert_errno(csock_recv(&a, &byte, 1, 0, CSOCK_NOW), EAGAIN);
	assert_true(handle_waits(&a));
	assert_int_equal(csock_send(&b, "x", 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_recv(&a, &byte, 1, 0, csock_deadline_after(PATIENCE)), 1);
	assert_domain(csock_recv(&a, &byte, 1, 0, csock_deadline_after(MILLISECOND)),
		      CSOCK_TIMEOUT);
	assert_true(handle_waits(&a));
	assert_int_equal(csock_set_blocking(&a, false), 0);
	assert_errno(csock_recv(&a, &byte, 1, 0, CSOCK_NOW), EAGAIN);
	assert_false(handle_waits(&a));
}

static bool tries_end;

static void *try_again_and_again(void *arg)
{
	char byte;

	while (!__atomic_load_n(&tries_end, __ATOMIC_SEQ_CST))
		(void)csock_recv(&a, &byte, 1, 0, CSOCK_NOW);
	return arg;
}

/* No try of another thread restores the former mode after that. */
static void test_a_mode_that_is_set_stays(void **state)
{
	pthread_t thread;

	(void)state;
	tries_end = false;
	assert_int_equal(pthread_create(&thread, NULL, try_again_and_again, NULL), 0);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(csock_set_blocking(&a, true), 0);
		pause_for(i % 3 * MILLISECOND);
		assert_int_equal(csock_set_blocking(&a, false), 0);
		assert_false(handle_waits(&a));
	}
	__atomic_store_n(&tries_end, true, __ATOMIC_SEQ_CST);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

/* A buffer that is full, for a socket in blocking mode too. */
static void test_sending_does_not_wait_when_asked_not_to(void **state)
{
	static char data[1 << 16];
	ssize_t n;
	int rounds = 0;

	(void)state;
	do {
		n = csock_send(&a, data, sizeof data, 0, CSOCK_NOW);
	} while (n > 0 && rounds++ < 10000);
	assert_errno(n, EAGAIN);
}

static void test_connections_that_are_refused(void **state)
{
	struct csock_socket listener, sock = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_close(&listener), 0);
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_errno(csock_connect(&sock, &addr, csock_deadline_after(PATIENCE)), ECONNREFUSED);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_errno(csock_connect(&sock, &addr, CSOCK_NEVER), ECONNREFUSED);
	assert_int_equal(csock_close(&sock), 0);
}

/* A listener alone has its port, and Winsock knows no sharing. */
static void test_listening(void **state)
{
	const struct csock_listen_options shared = {.reuse_port = true};
	struct csock_socket listener = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT;
	struct csock_addr addr;
	int64_t value = 0;

	(void)state;
	assert_int_equal(csock_listen_on(&listener, "127.0.0.1", NULL, NULL, CSOCK_NOW), 0);
	assert_int_equal(csock_get_int(&listener, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, &value), 0);
	assert_int_equal(value, 1);
	assert_errno(csock_listen_on(&other, "127.0.0.1", NULL, &shared, CSOCK_NOW), ENOPROTOOPT);
	assert_int_equal(csock_getsockname(&listener, &addr), 0);
	assert_int_equal(csock_open(&other, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_set_int(&other, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	assert_domain(csock_bind(&other, &addr), CSOCK_SYSTEM);
	close_both(&listener, &other);
}

static void test_polling(void **state)
{
	struct csock_wake wake = CSOCK_WAKE_INIT;
	struct csock_poll_item items[] = {
		{.sock = &a, .events = POLLIN},
		{.sock = &b, .events = POLLIN},
		{.wake = &wake},
	};

	(void)state;
	assert_int_equal(csock_wake_open(&wake), 0);
	assert_domain(csock_poll(items, 3, csock_deadline_after(20 * MILLISECOND)), CSOCK_TIMEOUT);
	assert_int_equal(csock_wake_set(&wake), 0);
	assert_int_equal(csock_poll(items, 3, CSOCK_NEVER), 1);
	assert_int_equal((items[2].ready & POLLIN) != 0, true);
	assert_int_equal(csock_wake_clear(&wake), 0);
	assert_int_equal(csock_send(&a, "x", 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_poll(items, 3, CSOCK_NEVER), 1);
	assert_int_equal((items[1].ready & POLLIN) != 0, true);
	csock_wake_close(&wake);
	assert_int_equal((csock_wait(&a, POLLOUT, CSOCK_NOW) & POLLOUT) != 0, true);
}

static void test_files(void **state)
{
	char folder[MAX_PATH], path[MAX_PATH], data[8];
	int64_t offset = 2;
	DWORD count;

	(void)state;
	assert_true(GetTempPathA(sizeof folder, folder) > 0);
	assert_true(GetTempFileNameA(folder, "sock", 0, path) > 0);
	HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
				  FILE_FLAG_DELETE_ON_CLOSE, NULL);
	assert_true(file != INVALID_HANDLE_VALUE);
	assert_true(WriteFile(file, "0123456789", 10, &count, NULL));
	assert_int_equal(csock_send_file(&a, (csock_handle)file, &offset, 5, CSOCK_NEVER), 5);
	assert_int_equal(offset, 7);
	assert_int_equal(csock_recv(&b, data, sizeof data, 0, CSOCK_NEVER), 5);
	assert_memory_equal(data, "23456", 5);
	assert_int_equal(csock_send_file(&a, (csock_handle)file, &offset, 100, CSOCK_NOW), 3);
	assert_int_equal(csock_send_file(&a, (csock_handle)file, &offset, 100, CSOCK_NOW), 0);
	/* The file's own position is where it was. */
	assert_true(WriteFile(file, "x", 1, &count, NULL));
	assert_int_equal(SetFilePointer(file, 0, NULL, FILE_CURRENT), 11);
	assert_true(CloseHandle(file));
	assert_errno(csock_send_file(&a, csock_fd(&b) + 4096, &offset, 1, CSOCK_NOW), EBADF);
}

static void test_winsock_starts_again(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	(void)state;
	csock_start_winsock();
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_open(&sock, AF_INET, SOCK_DGRAM, 0), 0);
		assert_int_equal(csock_close(&sock), 0);
		assert_int_equal(csock_stop_winsock(), 0);
		assert_true(socket(AF_INET, SOCK_DGRAM, 0) == INVALID_SOCKET);
		assert_int_equal(WSAGetLastError(), WSANOTINITIALISED);
		/* It has ended what it began, and nothing else. */
		assert_int_equal(csock_stop_winsock(), 0);
	}
}

static void test_texts_of_errors(void **state)
{
	char text[200];

	(void)state;
	assert_string_not_equal(csock_status_text(csock_status_make(CSOCK_SYSTEM, WSAECONNREFUSED),
						  text, sizeof text),
				"");
	assert_true(
		csock_status_is(csock_status_make(CSOCK_SYSTEM, WSAECONNREFUSED), ECONNREFUSED));
	assert_false(
		csock_status_is(csock_status_make(CSOCK_RESOLVER, WSAECONNREFUSED), ECONNREFUSED));
}

static void test_interfaces(void **state)
{
	struct csock_interface *list = NULL;
	char name[CSOCK_INTERFACE_NAME_MAX];
	int count = csock_if_nameindex(&list);

	(void)state;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		assert_int_equal(csock_if_nametoindex(list[i].name), list[i].index);
		assert_int_equal(csock_if_indextoname(list[i].index, name), 0);
		assert_string_equal(name, list[i].name);
	}
	free(list);
	assert_true(csock_if_nametoindex("no such interface") < 0);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

/* Wine lacks the control. What could be set is told; at first, and on another socket, it is 0. */
static void test_quick_ack(void **state)
{
	int on = 1, told = -1;
	size_t size = sizeof told;

	(void)state;
	assert_int_equal(csock_getsockopt(&a, IPPROTO_TCP, CSI_TCP_QUICKACK, &told, &size), 0);
	assert_int_equal(size, sizeof told);
	assert_int_equal(told, 0);
	int status = csock_setsockopt(&a, IPPROTO_TCP, CSI_TCP_QUICKACK, &on, sizeof on);
	if (status < 0)
		assert_errno(status, EOPNOTSUPP);
	assert_int_equal(csock_getsockopt(&a, IPPROTO_TCP, CSI_TCP_QUICKACK, &told, &size), 0);
	assert_int_equal(told, status == 0);
	size = 1;
	assert_int_equal(csock_getsockopt(&b, IPPROTO_TCP, CSI_TCP_QUICKACK, &told, &size), 0);
	assert_int_equal(size, 1);
	assert_int_equal(csock_close(&a), 0);
	assert_errno(csock_getsockopt(&a, IPPROTO_TCP, CSI_TCP_QUICKACK, &told, &size), EBADF);
	assert_int_equal(csock_open(&a, AF_INET, SOCK_STREAM, 0), 0);
	size = sizeof told;
	assert_int_equal(csock_getsockopt(&a, IPPROTO_TCP, CSI_TCP_QUICKACK, &told, &size), 0);
	assert_int_equal(told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handles_are_not_inherited),
		cmocka_unit_test(test_adopting),
		cmocka_unit_test(test_pairs_are_of_streams),
		ON_PAIR(test_a_try_leaves_the_mode),
		ON_PAIR(test_a_mode_that_is_set_stays),
		ON_PAIR(test_sending_does_not_wait_when_asked_not_to),
		cmocka_unit_test(test_connections_that_are_refused),
		cmocka_unit_test(test_listening),
		ON_PAIR(test_polling),
		ON_PAIR(test_files),
		ON_PAIR(test_quick_ack),
		cmocka_unit_test(test_winsock_starts_again),
		cmocka_unit_test(test_texts_of_errors),
		cmocka_unit_test(test_interfaces),
	};

	limit_time(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
