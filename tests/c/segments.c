/*
 * Runs of datagrams, and the sockets that exchange them.
 */
#include "segments.h"

#include <errno.h>

#define PATIENCE (20000 * MILLISECOND)

char data[DATA_SIZE];

int fill_data(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (char)(i * 7 + i / 251);
	return 0;
}

void set_option(struct csock_socket *sock, int level, int option, int value)
{
	assert_int_equal(csock_setsockopt(sock, level, option, &value, sizeof value), 0);
}

void open_both(int family, int protocol, struct csock_socket *a, struct csock_socket *b,
	       struct csock_addr *to)
{
	*a = *b = (struct csock_socket)CSOCK_SOCKET_INIT;
	*to = host_address(family, family == AF_INET ? "127.0.0.1" : "::1", 0);
	assert_int_equal(csock_open(a, family, SOCK_DGRAM, protocol), 0);
	assert_int_equal(csock_open(b, family, SOCK_DGRAM, protocol), 0);
	assert_int_equal(csock_bind(b, to), 0);
	assert_int_equal(csock_getsockname(b, to), 0);
	set_option(a, SOL_SOCKET, SO_SNDBUF, 4 << 20);
	set_option(b, SOL_SOCKET, SO_RCVBUF, 4 << 20);
}

void assert_datagrams(struct csock_socket *sock, size_t size, size_t segment_size)
{
	static char room[70000];
	size_t received = 0;

	while (received < size) {
		size_t left = size - received;
		ssize_t n = csock_recv(sock, room, sizeof room, 0, csock_deadline_after(PATIENCE));
		assert_int_equal(n, left < segment_size ? left : segment_size);
		assert_memory_equal(room, data + received, (size_t)n);
		received += (size_t)n;
	}
	assert_errno(csock_recv(sock, room, sizeof room, 0, CSOCK_NOW), EAGAIN);
}

void exchange(int family, int protocol, size_t size, size_t segment_size)
{
	struct csock_socket a, b;
	struct csock_addr to;

	open_both(family, protocol, &a, &b, &to);
	assert_int_equal(csock_send_segments(&a, data, size, segment_size, 0, &to, CSOCK_NEVER),
			 size);
	assert_datagrams(&b, size, segment_size);
	assert_int_equal(csock_connect(&a, &to, CSOCK_NEVER), 0);
	assert_int_equal(csock_send_segments(&a, data, size, segment_size, 0, NULL, CSOCK_NOW),
			 size);
	assert_datagrams(&b, size, segment_size);
	close_both(&a, &b);
}

void assert_single_datagrams(struct csock_socket *a, struct csock_socket *b,
			     const struct csock_addr *to)
{
	struct csock_addr from;
	size_t told = 99;
	char room[10];

	assert_errno(csock_recv_segments(b, room, 10, 0, &told, &from, CSOCK_NOW), EAGAIN);
	assert_int_equal(csock_sendto(a, data, 0, 0, to, CSOCK_NEVER), 0);
	assert_int_equal(csock_recv_segments(b, room, 10, 0, &told, &from, CSOCK_NEVER), 0);
	assert_int_equal(told, 0);
	/* The buffer has no room for all of it. */
	assert_int_equal(csock_sendto(a, data, 12, 0, to, CSOCK_NEVER), 12);
	assert_int_equal(csock_recv_segments(b, room, 10, 0, &told, &from, CSOCK_NEVER), 10);
	assert_int_equal(told, 10);
	assert_domain(csock_recv_segments(b, room, 10, 0, &told, &from,
					  csock_deadline_after(5 * MILLISECOND)),
		      CSOCK_TIMEOUT);
}

bool has_ipv6(void)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	const struct csock_addr loopback = host_address(AF_INET6, "::1", 0);
	bool found = csock_open(&sock, AF_INET6, SOCK_DGRAM, 0) == 0 &&
		     csock_bind(&sock, &loopback) == 0;

	assert_int_equal(csock_close(&sock), 0);
	return found;
}
