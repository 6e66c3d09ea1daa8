/*
 * Bare C loops of the ways to send and receive UDP datagrams.
 */
#include <netinet/udp.h>

#include "loops.h"

#define BATCH 64

static char out[65536], in[BATCH][2048];

/* As in loops_stream.c. */
__attribute__((constructor)) static void write_out(void)
{
	memset(out, 1, sizeof out);
}

/* A sender that is connected to a receiver. */
static int make_ends(struct ends *ends)
{
	struct sockaddr_in address, own;

	ends->there = bound(SOCK_DGRAM, &address);
	ends->here = bound(SOCK_DGRAM, &own);
	return connect(ends->here, (struct sockaddr *)&address, sizeof address);
}

double sendto_recvfrom(long rounds, long size)
{
	struct sockaddr_in address, own;
	struct ends ends = {bound(SOCK_DGRAM, &own), bound(SOCK_DGRAM, &address)};
	double start;

	for (start = now(); rounds > 0; rounds--) {
		struct sockaddr_in peer;
		socklen_t length = sizeof peer;

		if (sendto(ends.here, out, (size_t)size, 0, (struct sockaddr *)&address,
			   sizeof address) != size ||
		    recvfrom(ends.there, in[0], sizeof in[0], 0, (struct sockaddr *)&peer,
			     &length) != size)
			break;
	}
	return finish(start, rounds, ends);
}

/* In all these loops a round is count datagrams. */
double one_by_one(long rounds, long size, long count)
{
	struct ends ends;
	double start;

	if (make_ends(&ends) < 0)
		return -1;
	for (start = now(); rounds > 0; rounds--) {
		long sent = 0, received = 0;

		while (sent < count && send(ends.here, out, (size_t)size, 0) == size)
			sent++;
		while (received < sent && recv(ends.there, in[0], sizeof in[0], 0) == size)
			received++;
		if (received < count)
			break;
	}
	return finish(start, rounds, ends);
}

/* At most 64 at a time. */
double messages(long rounds, long size, long count)
{
	struct iovec from[BATCH], to[BATCH];
	struct mmsghdr sent[BATCH], received[BATCH];
	struct sockaddr_in peers[BATCH];
	struct ends ends;
	double start;

	if (make_ends(&ends) < 0)
		return -1;
	for (start = now(); rounds > 0; rounds--) {
		for (long i = 0; i < count; i++) {
			from[i] = (struct iovec){out, (size_t)size};
			to[i] = (struct iovec){in[i], sizeof in[i]};
			sent[i].msg_hdr = (struct msghdr){.msg_iov = &from[i], .msg_iovlen = 1};
			received[i].msg_hdr = (struct msghdr){
				.msg_iov = &to[i],
				.msg_iovlen = 1,
				.msg_name = &peers[i],
				.msg_namelen = sizeof peers[i],
			};
		}
		if (sendmmsg(ends.here, sent, (unsigned int)count, 0) != count ||
		    recvmmsg(ends.there, received, (unsigned int)count, 0, NULL) != count)
			break;
	}
	return finish(start, rounds, ends);
}

static ssize_t receive_run(int fd, int *segment)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct sockaddr_in peer;
	struct iovec all = {in, sizeof in};
	struct msghdr message = {
		.msg_name = &peer,
		.msg_namelen = sizeof peer,
		.msg_iov = &all,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	ssize_t received = recvmsg(fd, &message, 0);

	for (struct cmsghdr *each = CMSG_FIRSTHDR(&message); received >= 0 && each;
	     each = CMSG_NXTHDR(&message, each))
		if (each->cmsg_level == SOL_UDP && each->cmsg_type == UDP_GRO)
			memcpy(segment, CMSG_DATA(each), sizeof *segment);
	return received;
}

/* The kernel cuts the sent data, and joins the received datagrams. */
double segments(long rounds, long size, long count)
{
	struct ends ends;
	int cut = (int)size, on = 1;
	double start;

	if (make_ends(&ends) < 0)
		return -1;
	if (setsockopt(ends.here, SOL_UDP, UDP_SEGMENT, &cut, sizeof cut) < 0 ||
	    setsockopt(ends.there, SOL_UDP, UDP_GRO, &on, sizeof on) < 0)
		return finish(0, 1, ends);
	for (start = now(); rounds > 0; rounds--) {
		int segment = cut;

		if (send(ends.here, out, (size_t)(size * count), 0) != size * count ||
		    receive_run(ends.there, &segment) != size * count || segment != cut)
			break;
	}
	return finish(start, rounds, ends);
}
