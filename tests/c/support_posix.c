/*
 * Helpers for the tests of libcsocket: those that ask a POSIX system.
 */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

const int kernel_limit_error = EAGAIN;
const int64_t kernel_limit_max =
	sizeof(time_t) < sizeof(int64_t) ? INT32_MAX * 1000 * MILLISECOND : INT64_MAX;

int pair_family(void)
{
	return AF_UNIX;
}

void open_datagrams(struct csock_socket *a, struct csock_socket *b)
{
	*a = *b = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_open_pair(a, b, AF_UNIX, SOCK_DGRAM, 0), 0);
}

const char *loopback_name(void)
{
	return "lo";
}

csock_handle make_file(void)
{
	char name[] = "/tmp/csocket-test-XXXXXX";
	int file = mkstemp(name);

	assert_true(file >= 0);
	assert_int_equal(unlink(name), 0);
	return file;
}

void write_at(csock_handle file, int64_t offset, const void *data, size_t size)
{
	assert_int_equal(pwrite(file, data, size, (off_t)offset), size);
}

void close_file(csock_handle file)
{
	assert_int_equal(close(file), 0);
}

bool is_open_descriptor(csock_handle fd)
{
	return fcntl(fd, F_GETFD) >= 0;
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

void limit_time(unsigned int seconds)
{
	alarm(seconds);
}

static void on_alarm(int number)
{
	(void)number;
}

void pause_for(int64_t nanoseconds)
{
	const struct timespec pause = {.tv_nsec = (long)nanoseconds};

	nanosleep(&pause, NULL);
}

void interrupt_every(int64_t nanoseconds)
{
	const struct sigaction action = {.sa_handler = on_alarm};
	const struct timeval each = {
		.tv_sec = (time_t)(nanoseconds / 1000000000),
		.tv_usec = (suseconds_t)(nanoseconds % 1000000000 / 1000),
	};
	const struct itimerval timer = {each, each};

	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}
