/*
 * The common part of the bare C loops.
 *
 * A loop makes its sockets, runs, and returns the seconds that only the rounds took, or -1 with
 * errno. Python calls it by ctypes.
 */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The largest message, and the largest buffer of a recv(). */
#define ROOM (1 << 20)

struct ends {
	int here;
	int there;
};

static inline double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Closes both, and returns the time. If rounds are left, a call has failed. */
static inline double finish(double start, long left, struct ends ends)
{
	double elapsed = now() - start;
	int reason = errno;

	if (ends.here >= 0)
		close(ends.here);
	if (ends.there >= 0)
		close(ends.there);
	errno = reason;
	return left > 0 ? -1 : elapsed;
}

static inline struct sockaddr_in loopback(void)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

/* A socket on a port of 127.0.0.1 that the kernel chooses, and its address. */
static inline int bound(int type, struct sockaddr_in *address)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof *address;

	*address = loopback();
	if (fd >= 0 && (bind(fd, (struct sockaddr *)address, sizeof *address) < 0 ||
			getsockname(fd, (struct sockaddr *)address, &length) < 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

#endif
