/*
 * Helpers for the tests of libcsocket: those that ask a POSIX system.
 */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>

int pair_family(void)
{
	return AF_UNIX;
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
