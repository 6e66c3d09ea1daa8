/*
 * Segments that the kernel cuts and joins, or refuses to; and those over UNIX sockets.
 */
#include "segments.h"

#include <errno.h>
#include <netinet/in.h>

#define UDP_GRO 104
#define IPPROTO_UDPLITE_NUMBER 136

#define PATIENCE (20000 * MILLISECOND)

/* The kernel does not cut runs, or refuses to. */
static void test_sent_one_by_one(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr to;
	char room[100];

	(void)state;
	/* The kernel cuts for this socket. This must not affect the next one in the same struct. */
	open_both(AF_INET, 0, &a, &b, &to);
	assert_int_equal(csock_send_segments(&a, data, 350, 100, 0, &to, CSOCK_NEVER), 350);
	assert_datagrams(&b, 350, 100);
	/* Not connected: the failure is the same whether the kernel cuts or not. */
	assert_errno(csock_send_segments(&a, data, 100, 10, 0, NULL, CSOCK_NOW), EDESTADDRREQ);
	close_both(&a, &b);
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_send_segments(&a, data, 350, 100, 0, NULL, CSOCK_NEVER), 350);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(csock_recv(&b, room, sizeof room, 0, CSOCK_NOW), i < 3 ? 100 : 50);
	close_both(&a, &b);
	/* A datagram without a checksum is not cut (EINVAL). */
	open_both(AF_INET, 0, &a, &b, &to);
	set_option(&a, SOL_SOCKET, SO_NO_CHECK, 1);
	assert_int_equal(csock_send_segments(&a, data, 150000, 1200, 0, &to, CSOCK_NEVER), 150000);
	assert_datagrams(&b, 150000, 1200);
	close_both(&a, &b);
}

static void test_udplite(void **state)
{
	struct csock_socket probe = CSOCK_SOCKET_INIT;

	(void)state;
	if (csock_open(&probe, AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE_NUMBER) < 0) {
		print_message("skip: the kernel has no UDP-Lite\n");
		skip();
	}
	csock_close(&probe);
	exchange(AF_INET, IPPROTO_UDPLITE_NUMBER, 100000, 1200);
}

/* Whole datagrams are sent, in order, whatever stops the call. */
static void test_partial(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_DGRAM, 0), 0);
	ssize_t sent = csock_send_segments(&a, data, DATA_SIZE, 50, 0, NULL, CSOCK_NOW);
	assert_true(sent >= 50 && sent < DATA_SIZE);
	assert_int_equal(sent % 50, 0);
	assert_errno(csock_send_segments(&a, data, DATA_SIZE, 50, 0, NULL, CSOCK_NOW), EAGAIN);
	assert_domain(csock_send_segments(&a, data, DATA_SIZE, 50, 0, NULL,
					  csock_deadline_after(10 * MILLISECOND)),
		      CSOCK_TIMEOUT);
	assert_datagrams(&b, (size_t)sent, 50);
	assert_int_equal(csock_send_segments(&a, data, DATA_SIZE, 50, 0, NULL,
					     csock_deadline_after(10 * MILLISECOND)),
			 sent);
	close_both(&a, &b);
}

/* Receives size bytes as runs of datagrams of segment_size, and returns the longest run. */
static size_t receive_runs(struct csock_socket *sock, size_t size, size_t segment_size)
{
	static char room[65535];
	size_t received = 0, longest = 0, told;
	struct csock_addr from;

	while (received < size) {
		ssize_t n = csock_recv_segments(sock, room, sizeof room, 0, &told, &from,
						csock_deadline_after(PATIENCE));
		assert_true(n > 0);
		assert_memory_equal(room, data + received, (size_t)n);
		assert_int_equal(told, (size_t)n < segment_size ? (size_t)n : segment_size);
		assert_int_equal(csock_addr_family(&from), sock->family);
		received += (size_t)n;
		longest = (size_t)n > longest ? (size_t)n : longest;
	}
	assert_int_equal(received, size);
	return longest;
}

/* Skips the test if the kernel does not join datagrams. */
static void require_gro(void)
{
	struct csock_socket a, b;
	struct csock_addr to;
	const int on = 1;

	open_both(AF_INET, 0, &a, &b, &to);
	int status = csock_setsockopt(&b, IPPROTO_UDP, UDP_GRO, &on, sizeof on);
	close_both(&a, &b);
	if (status < 0) {
		print_message("skip: the kernel has no UDP_GRO\n");
		skip();
	}
}

static void test_receiving(void **state)
{
	struct csock_socket a, b;
	struct csock_addr to;
	const struct {
		int family, level, option;
	} cases[] = {
		{AF_INET, 0, 0},
		/* Ancillary data before the size must not take its room. */
		{AF_INET, SOL_SOCKET, SO_TIMESTAMPNS},
		{AF_INET, IPPROTO_IP, IP_PKTINFO},
		{AF_INET6, IPPROTO_IPV6, IPV6_RECVPKTINFO},
	};

	(void)state;
	require_gro();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (cases[i].family == AF_INET6 && !has_ipv6())
			continue;
		open_both(cases[i].family, 0, &a, &b, &to);
		if (cases[i].option)
			set_option(&b, cases[i].level, cases[i].option, 1);
		assert_int_equal(csock_send_segments(&a, data, 12345, 1000, 0, &to, CSOCK_NEVER),
				 12345);
		assert_int_equal(receive_runs(&b, 12345, 1000), 1000);
		set_option(&b, IPPROTO_UDP, UDP_GRO, 1);
		assert_int_equal(csock_send_segments(&a, data, 12345, 1000, 0, &to, CSOCK_NEVER),
				 12345);
		assert_true(receive_runs(&b, 12345, 1000) > 1000);
		assert_int_equal(csock_send_segments(&a, data, 200000, 1400, 0, &to, CSOCK_NEVER),
				 200000);
		assert_true(receive_runs(&b, 200000, 1400) > 1400);
		close_both(&a, &b);
	}
}

static void test_single_datagrams_where_runs_arrive(void **state)
{
	struct csock_socket a, b;
	struct csock_addr to, from;
	size_t told;
	char room[10];

	(void)state;
	require_gro();
	open_both(AF_INET, 0, &a, &b, &to);
	set_option(&b, IPPROTO_UDP, UDP_GRO, 1);
	assert_single_datagrams(&a, &b, &to);
	for (int gro = 0; gro < 2; gro++) {
		set_option(&b, IPPROTO_UDP, UDP_GRO, gro);
		assert_int_equal(csock_sendto(&a, data, 12, 0, &to, CSOCK_NEVER), 12);
		assert_int_equal(
			csock_recv_segments(&b, room, 10, MSG_TRUNC, &told, &from, CSOCK_NEVER),
			12);
	}
	close_both(&a, &b);
}

/* The caller never learns of them, so they must not stay open. */
static void test_descriptors_do_not_arrive(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	_Alignas(size_t) char control[64];
	const struct csock_ancillary item = {SOL_SOCKET, SCM_RIGHTS, &(int){0}, sizeof(int)};
	const struct csock_buffer buffer = {data, 5};
	struct csock_addr from;
	size_t told;
	char room[10];

	(void)state;
	assert_true(csock_ancillary_encode(&item, 1, control, sizeof control) > 0);
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_DGRAM, 0), 0);
	int before = count_descriptors();
	assert_int_equal(csock_sendmsg(&a, &buffer, 1, control, csock_ancillary_size(&item, 1), 0,
				       NULL, CSOCK_NEVER),
			 5);
	assert_int_equal(csock_recv_segments(&b, room, 10, 0, &told, &from, CSOCK_NOW), 5);
	assert_int_equal(told, 5);
	assert_int_equal(count_descriptors(), before);
	close_both(&a, &b);
}

/* A socket that answered for itself, and is used again for one whose kernel side does not cut. */
static void assert_cuts_anew(struct csock_socket *sock, struct csock_socket *receiver)
{
	static const size_t size = 3000, segment_size = 1000;

	assert_int_equal(csock_send_segments(sock, data, size, segment_size, 0, NULL, CSOCK_NEVER),
			 size);
	assert_datagrams(receiver, size, segment_size);
}

/* A socket that has sent runs over UDP, closed again. */
static struct csock_socket used_for_udp(void)
{
	struct csock_socket a, b;
	struct csock_addr to;

	open_both(AF_INET, 0, &a, &b, &to);
	assert_int_equal(csock_connect(&a, &to, CSOCK_NEVER), 0);
	assert_cuts_anew(&a, &b);
	assert_true(a.cuts_segments);
	close_both(&a, &b);
	return a;
}

/* Opened again, by a pair, adopted, or accepted, it asks for its own. */
static void test_a_used_socket(void **state)
{
	struct csock_socket a = used_for_udp(), b = CSOCK_SOCKET_INIT, c = used_for_udp();
	struct csock_socket listener = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_cuts_anew(&a, &b);
	int fd = csock_detach(&a);
	assert_int_equal(csock_adopt(&c, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK), 0);
	assert_cuts_anew(&c, &b);
	close_both(&c, &b);
	a = used_for_udp();
	assert_int_equal(csock_open(&listener, AF_UNIX, SOCK_SEQPACKET, 0), 0);
	assert_int_equal(csock_addr_unix(&addr, "", 0), 0);
	assert_int_equal(csock_bind(&listener, &addr), 0);
	assert_int_equal(csock_listen(&listener, 1), 0);
	assert_int_equal(csock_getsockname(&listener, &addr), 0);
	assert_int_equal(csock_open(&b, AF_UNIX, SOCK_SEQPACKET, 0), 0);
	assert_int_equal(csock_connect(&b, &addr, CSOCK_NEVER), 0);
	assert_int_equal(csock_accept(&listener, &a, NULL, 0, CSOCK_NEVER), 0);
	assert_cuts_anew(&a, &b);
	close_both(&a, &b);
	assert_int_equal(csock_close(&listener), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sent_one_by_one),
		cmocka_unit_test(test_udplite),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_receiving),
		cmocka_unit_test(test_single_datagrams_where_runs_arrive),
		cmocka_unit_test(test_descriptors_do_not_arrive),
		cmocka_unit_test(test_a_used_socket),
	};

	return cmocka_run_group_tests(tests, fill_data, NULL);
}
