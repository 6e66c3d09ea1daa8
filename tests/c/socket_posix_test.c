/*
 * Sockets, as far as their descriptors are those of POSIX.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

static void test_failures_leave_nothing_open(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT;
	int before = count_descriptors();

	(void)state;
	assert_errno(csock_open(&sock, -1, SOCK_STREAM, 0), EAFNOSUPPORT);
	assert_errno(csock_open(&sock, AF_INET, 99, 0), EINVAL);
	assert_errno(csock_open_pair(&sock, &other, AF_INET, SOCK_STREAM, 0), EOPNOTSUPP);
	assert_errno(csock_adopt(&sock, 9999, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK), EBADF);
	assert_errno(csock_adopt(&sock, 9999, AF_INET, SOCK_STREAM, 0), EBADF);
	assert_int_equal(csock_fd(&sock), -1);
	assert_int_equal(count_descriptors(), before);
}

static void test_adopt_refuses_files(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_errno(csock_adopt(&sock, fd, AF_INET, SOCK_STREAM, 0), ENOTSOCK);
	assert_errno(csock_adopt(&sock, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK), ENOTSOCK);
	/* The descriptor is still the caller's. */
	assert_int_equal(close(fd), 0);
}

static void test_duplicates(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	csock_handle fd, second;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_duplicate(&sock, &fd), 0);
	assert_int_not_equal(fd, csock_fd(&sock));
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(csock_descriptor_duplicate(fd, &second), 0);
	assert_int_equal(csock_descriptor_close(fd), 0);
	assert_int_equal(csock_descriptor_close(second), 0);
	assert_errno(csock_descriptor_close(second), EBADF);
	assert_errno(csock_descriptor_duplicate(second, &fd), EBADF);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_blocking_mode_is_the_descriptors(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_set_blocking(&sock, false), 0);
	assert_int_equal(fcntl(csock_fd(&sock), F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	assert_int_equal(csock_set_blocking(&sock, true), 0);
	assert_int_equal(fcntl(csock_fd(&sock), F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(csock_close(&sock), 0);
}

/* If no descriptor is left, every call that makes one fails, and leaks none. */
static void test_no_descriptors_left(void **state)
{
	struct csock_socket listener, client = CSOCK_SOCKET_INIT;
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr addr;
	struct rlimit limit, none;
	csock_handle copy;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, CSOCK_NEVER), 0);
	int before = count_descriptors();
	int last = dup(csock_fd(&client));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){.rlim_cur = (rlim_t)last + 1, .rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	int opened = csock_open(&a, AF_INET, SOCK_STREAM, 0);
	int duplicate = csock_duplicate(&client, &copy);
	int accepted = csock_accept(&listener, &a, NULL, 0, CSOCK_NEVER);
	/* Room for one descriptor of two. */
	close(last);
	int paired = csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_errno(opened, EMFILE);
	assert_errno(duplicate, EMFILE);
	assert_errno(accepted, EMFILE);
	assert_errno(paired, EMFILE);
	assert_int_equal(csock_fd(&a), -1);
	assert_int_equal(csock_fd(&b), -1);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(csock_close(&client), 0);
	assert_int_equal(csock_close(&listener), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failures_leave_nothing_open),
		cmocka_unit_test(test_adopt_refuses_files),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_blocking_mode_is_the_descriptors),
		cmocka_unit_test(test_no_descriptors_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
