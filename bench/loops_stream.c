/*
 * Bare C loops of the system calls on stream sockets, and of calls on a single socket.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#include "loops.h"

static char out[ROOM], in[ROOM];

/*
 * Memory that was never written is one page of zeros again and again, which is always in the
 * processor's caches.
 */
__attribute__((constructor)) static void write_out(void)
{
	memset(out, 1, sizeof out);
}

static int make_pair(struct ends *ends, int flags)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0, fds) < 0)
		return -1;
	*ends = (struct ends){fds[0], fds[1]};
	return 0;
}

/* Sends a message and receives it with this room. A large one needs larger socket buffers. */
double send_recv(long rounds, long size, long room)
{
	struct ends ends;
	int space = 4 * ROOM;
	double start;

	if (make_pair(&ends, 0) < 0)
		return -1;
	if (size > 65536)
		setsockopt(ends.here, SOL_SOCKET, SO_SNDBUFFORCE, &space, sizeof space);
	for (start = now(); rounds > 0; rounds--)
		if (send(ends.here, out, (size_t)size, 0) != size ||
		    recv(ends.there, in, (size_t)room, 0) != size)
			break;
	return finish(start, rounds, ends);
}

double recv_nothing(long rounds)
{
	struct ends ends;
	double start;

	if (make_pair(&ends, SOCK_NONBLOCK) < 0)
		return -1;
	for (start = now(); rounds > 0; rounds--)
		if (recv(ends.there, in, 64, 0) != -1 || errno != EAGAIN)
			break;
	return finish(start, rounds, ends);
}

double sendmsg_recvmsg(long rounds, long size)
{
	struct iovec from = {out, (size_t)size}, to = {in, (size_t)size};
	struct ends ends;
	double start;

	if (make_pair(&ends, 0) < 0)
		return -1;
	for (start = now(); rounds > 0; rounds--) {
		struct msghdr sent = {.msg_iov = &from, .msg_iovlen = 1};
		struct msghdr received = {.msg_iov = &to, .msg_iovlen = 1};

		if (sendmsg(ends.here, &sent, 0) != size ||
		    recvmsg(ends.there, &received, 0) != size)
			break;
	}
	return finish(start, rounds, ends);
}

static int pass(struct ends ends, int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec byte = {out, 1};
	struct msghdr message = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};

	control.header = (struct cmsghdr){CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
	if (sendmsg(ends.here, &message, 0) != 1 || recvmsg(ends.there, &message, 0) != 1)
		return -1;
	memcpy(&fd, CMSG_DATA(&control.header), sizeof fd);
	return close(fd);
}

double pass_descriptor(long rounds)
{
	struct ends ends;
	double start;

	if (make_pair(&ends, 0) < 0)
		return -1;
	for (start = now(); rounds > 0; rounds--)
		if (pass(ends, STDOUT_FILENO) < 0)
			break;
	return finish(start, rounds, ends);
}

double sendfile_recv(long rounds, long size)
{
	int file = memfd_create("sent", MFD_CLOEXEC);
	struct ends ends;
	double start;

	if (file < 0 || ftruncate(file, size) < 0 || make_pair(&ends, 0) < 0)
		return -1;
	for (start = now(); rounds > 0; rounds--) {
		off_t offset = 0;

		if (sendfile(ends.here, file, &offset, (size_t)size) != size ||
		    recv(ends.there, in, (size_t)size, 0) != size)
			break;
	}
	close(file);
	return finish(start, rounds, ends);
}

double open_close(long rounds)
{
	struct ends none = {-1, -1};
	double start;

	for (start = now(); rounds > 0; rounds--)
		if (close(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
			break;
	return finish(start, rounds, none);
}

double get_option(long rounds)
{
	struct ends ends;
	double start;

	if (make_pair(&ends, 0) < 0)
		return -1;
	for (start = now(); rounds > 0; rounds--) {
		int value;
		socklen_t length = sizeof value;

		if (getsockopt(ends.here, SOL_SOCKET, SO_TYPE, &value, &length) < 0)
			break;
	}
	return finish(start, rounds, ends);
}

/* A reset instead of an orderly end leaves no port in TIME_WAIT. */
double connect_accept(long rounds)
{
	struct linger reset = {.l_onoff = 1};
	struct sockaddr_in address;
	struct ends ends = {bound(SOCK_STREAM, &address), -1};
	double start;

	if (ends.here < 0 || listen(ends.here, 16) < 0)
		return -1;
	setsockopt(ends.here, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	for (start = now(); rounds > 0; rounds--) {
		struct sockaddr_in peer;
		socklen_t length = sizeof peer;
		int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), server;

		if (connect(client, (struct sockaddr *)&address, sizeof address) < 0)
			break;
		server = accept4(ends.here, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
		if (close(server) < 0 || close(client) < 0)
			break;
	}
	return finish(start, rounds, ends);
}

/* Opens so many sockets, and uses the last two. */
double among(long rounds, long sockets)
{
	struct ends *pairs = calloc((size_t)sockets / 2, sizeof *pairs);
	long made = 0;
	double elapsed = -1, start;

	if (!pairs)
		return -1;
	while (made < sockets / 2 && make_pair(&pairs[made], 0) == 0)
		made++;
	if (made == sockets / 2) {
		struct ends last = pairs[--made];

		for (start = now(); rounds > 0; rounds--)
			if (send(last.here, out, 64, 0) != 64 || recv(last.there, in, 64, 0) != 64)
				break;
		elapsed = finish(start, rounds, last);
	}
	while (made > 0) {
		made--;
		finish(0, 0, pairs[made]);
	}
	free(pairs);
	return elapsed;
}

/* Sends a request over a socket whose other end answers, and waits for the answer. */
double ask(long rounds, long fd)
{
	struct ends none = {-1, -1};
	double start;

	for (start = now(); rounds > 0; rounds--)
		if (send((int)fd, out, 64, 0) != 64 || recv((int)fd, in, 64, 0) != 64)
			break;
	return finish(start, rounds, none);
}

/* Answers each message so late that the other end is asleep. Returns at the end of the stream. */
double answer_late(long microseconds, long fd)
{
	char message[64];
	ssize_t count;

	while ((count = recv((int)fd, message, sizeof message, 0)) > 0) {
		double until = now() + (double)microseconds / 1e6;

		while (now() < until)
			;
		if (send((int)fd, message, (size_t)count, MSG_NOSIGNAL) != count)
			break;
	}
	return count == 0 ? 0 : -1;
}

static void *echo(void *end)
{
	char message[64];
	int fd = *(int *)end;

	while (recv(fd, message, sizeof message, 0) == sizeof message)
		if (send(fd, message, sizeof message, MSG_NOSIGNAL) != sizeof message)
			break;
	return NULL;
}

double ping_pong(long rounds)
{
	struct ends ends;
	pthread_t thread;
	double elapsed;

	if (make_pair(&ends, 0) < 0 || pthread_create(&thread, NULL, echo, &ends.there) != 0)
		return -1;
	elapsed = ask(rounds, ends.here);
	shutdown(ends.here, SHUT_RDWR);
	pthread_join(thread, NULL);
	finish(0, 0, ends);
	return elapsed;
}

static int echo_all(int epoll, const struct ends *pairs, int count)
{
	struct epoll_event events[64];
	int ready;

	for (int i = 0; i < count; i++)
		if (send(pairs[i].here, out, 64, 0) != 64)
			return -1;
	ready = epoll_wait(epoll, events, 64, -1);
	for (int i = 0; i < ready; i++)
		if (recv(events[i].data.fd, in, 64, 0) != 64 ||
		    send(events[i].data.fd, in, 64, 0) != 64)
			return -1;
	for (int i = 0; i < count; i++)
		if (recv(pairs[i].here, in, 64, 0) != 64)
			return -1;
	return ready == count ? 0 : -1;
}

/* At most 64 sockets. A round is one echo over each. */
double echo_epoll(long rounds, long sockets)
{
	struct ends pairs[64], none = {-1, -1};
	int epoll = epoll_create1(EPOLL_CLOEXEC), made = 0;
	double elapsed = -1, start;

	while (made < sockets && make_pair(&pairs[made], SOCK_NONBLOCK) == 0) {
		int there = pairs[made++].there;
		struct epoll_event event = {EPOLLIN, {.fd = there}};

		epoll_ctl(epoll, EPOLL_CTL_ADD, there, &event);
	}
	if (made == sockets) {
		for (start = now(); rounds > 0; rounds--)
			if (echo_all(epoll, pairs, made) < 0)
				break;
		elapsed = finish(start, rounds, none);
	}
	while (made > 0) {
		made--;
		finish(0, 0, pairs[made]);
	}
	close(epoll);
	return elapsed;
}
