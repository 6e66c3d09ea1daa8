/*
 * Descriptors over AF_UNIX: each that arrives is handed over or closed.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* SO_PASSPIDFD, from Linux 6.5 on; not every build machine's headers have it. */
#define SO_PASSPIDFD_NUMBER 76

#define ROUNDS 3000

static struct csock_socket pair[2];

static void open_pair(int type)
{
	pair[0] = pair[1] = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_open_pair(&pair[0], &pair[1], AF_UNIX, type, 0), 0);
}

static void close_pair(void)
{
	assert_int_equal(csock_close(&pair[0]), 0);
	assert_int_equal(csock_close(&pair[1]), 0);
}

/* Sends count duplicates of one descriptor. */
static void send_many(size_t count)
{
	int fds[CSOCK_FDS_MAX] = {0};

	assert_int_equal(csock_send_fds(&pair[0], "xy", 2, fds, count, 0, CSOCK_NEVER), 2);
}

static void test_a_pipe_arrives(void **state)
{
	int ends[2], fds[3], before = count_descriptors();
	size_t count = 3;
	char buffer[8];

	(void)state;
	open_pair(SOCK_STREAM);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(csock_send_fds(&pair[0], "data", 4, ends, 2, 0, CSOCK_NEVER), 4);
	assert_int_equal(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NEVER), 4);
	assert_memory_equal(buffer, "data", 4);
	assert_int_equal(count, 2);
	/* The copies are the pipe, and not inheritable. */
	assert_int_equal(write(fds[1], "!", 1), 1);
	assert_int_equal(read(ends[0], buffer, 8), 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fcntl(fds[i], F_GETFD), FD_CLOEXEC);
		assert_int_equal(csock_descriptor_close(fds[i]), 0);
		assert_int_equal(close(ends[i]), 0);
	}
	close_pair();
	assert_int_equal(count_descriptors(), before);
}

static void test_none_is_usual(void **state)
{
	int fds[1];
	size_t count = 1;
	char buffer[8];

	(void)state;
	open_pair(SOCK_STREAM);
	assert_int_equal(csock_send_fds(&pair[0], "abc", 3, NULL, 0, 0, CSOCK_NEVER), 3);
	assert_int_equal(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NOW), 3);
	assert_int_equal(count, 0);
	count = 1;
	assert_errno(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NOW), EAGAIN);
	assert_int_equal(csock_shutdown(&pair[0], SHUT_WR), 0);
	assert_int_equal(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NEVER), 0);
	assert_int_equal(count, 0);
	close_pair();
}

static void test_the_most(void **state)
{
	int fds[CSOCK_FDS_MAX + 1] = {0}, before = count_descriptors();
	size_t count = CSOCK_FDS_MAX;
	char buffer[8];

	(void)state;
	open_pair(SOCK_DGRAM);
	assert_refused(csock_send_fds(&pair[0], "x", 1, fds, CSOCK_FDS_MAX + 1, 0, CSOCK_NOW),
		       CSOCK_REFUSED_SIZE, 0);
	assert_refused(csock_send_fds(&pair[0], "x", 1, fds, SIZE_MAX / 4 + 2, 0, CSOCK_NOW),
		       CSOCK_REFUSED_SIZE, 0);
	send_many(CSOCK_FDS_MAX);
	assert_int_equal(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NOW), 2);
	assert_int_equal(count, CSOCK_FDS_MAX);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(csock_descriptor_close(fds[i]), 0);
	close_pair();
	assert_int_equal(count_descriptors(), before);
}

/* All are closed, and the next message is whole again. */
static void test_too_many(void **state)
{
	int fds[2], before = count_descriptors();
	char buffer[8];

	(void)state;
	for (size_t room = 0; room < 3; room++) {
		size_t count = room;
		open_pair(SOCK_DGRAM);
		send_many(room + 1);
		send_many(0);
		assert_errno(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NOW),
			     EMSGSIZE);
		assert_int_equal(count, room);
		assert_int_equal(count_descriptors(), before + 2);
		assert_int_equal(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NOW), 2);
		close_pair();
	}
}

/* The kernel passes on what fits, and tells only that it is not all. */
static void test_no_descriptor_left(void **state)
{
	struct rlimit limit, few;
	int fds[8], before = count_descriptors(), next;
	size_t count = 8;
	char buffer[8];

	(void)state;
	open_pair(SOCK_DGRAM);
	send_many(4);
	next = dup(0);
	assert_true(next >= 0 && close(next) == 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	few = limit;
	few.rlim_cur = (rlim_t)next + 2;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_errno(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NOW), EMSGSIZE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	close_pair();
	assert_int_equal(count_descriptors(), before);
}

/* Credentials, and a descriptor of the sender's process, which nobody asked for. */
static void test_other_ancillary_data(void **state)
{
	int fds[CSOCK_FDS_MAX], before = count_descriptors();
	size_t count = CSOCK_FDS_MAX;
	char buffer[8];

	(void)state;
	open_pair(SOCK_STREAM);
	assert_int_equal(csock_set_int(&pair[1], SOL_SOCKET, SO_PASSCRED, 1), 0);
	assert_int_equal(csock_set_int(&pair[1], SOL_SOCKET, SO_TIMESTAMP, 1), 0);
	(void)csock_set_int(&pair[1], SOL_SOCKET, SO_PASSPIDFD_NUMBER, 1);
	send_many(CSOCK_FDS_MAX);
	assert_int_equal(csock_recv_fds(&pair[1], buffer, 8, fds, &count, 0, CSOCK_NOW), 2);
	assert_int_equal(count, CSOCK_FDS_MAX);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(csock_descriptor_close(fds[i]), 0);
	close_pair();
	assert_int_equal(count_descriptors(), before);
}

static void *receive_in_thread(void *sock)
{
	int fds[1];
	size_t count = 1;
	char buffer[1];
	ssize_t n = csock_recv_fds(sock, buffer, sizeof buffer, fds, &count, 0, CSOCK_NEVER);

	if (n >= 0 && count > 0)
		assert_int_equal(csock_descriptor_close(fds[0]), 0);
	return NULL;
}

/* A message without data arrives while another thread closes the socket. */
static void test_closed_meanwhile(void **state)
{
	int fd = 0, before = count_descriptors();
	pthread_t thread;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		open_pair(SOCK_DGRAM);
		assert_int_equal(pthread_create(&thread, NULL, receive_in_thread, &pair[1]), 0);
		assert_int_equal(csock_send_fds(&pair[0], "", 0, &fd, 1, 0, CSOCK_NEVER), 0);
		close_pair();
		assert_int_equal(pthread_join(thread, NULL), 0);
	}
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_pipe_arrives),
		cmocka_unit_test(test_none_is_usual),
		cmocka_unit_test(test_the_most),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_no_descriptor_left),
		cmocka_unit_test(test_other_ancillary_data),
		cmocka_unit_test(test_closed_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
