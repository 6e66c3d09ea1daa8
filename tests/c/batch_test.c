/*
 * Batches of messages.
 */
#include "batch.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

/* A UDP socket, and its address. */
static void open_udp(struct csock_socket *sock, struct csock_addr *addr)
{
	const int room = 4 << 20;

	*sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	*addr = host_address(AF_INET, "127.0.0.1", 0);
	assert_int_equal(csock_open(sock, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(sock, addr), 0);
	assert_int_equal(csock_getsockname(sock, addr), 0);
	assert_int_equal(csock_setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
}

static void test_messages_of_several_buffers(void **state)
{
	struct csock_socket a, b;
	char first[] = "Mary", second[] = " had", room[3][16], end[2];
	const struct csock_buffer both[] = {{first, 4}, {second, 4}};
	const struct csock_outgoing out[] = {
		{.buffers = both, .count = 2}, {.count = 0}, {.buffers = both, .count = 1}};
	const struct csock_buffer parts[] = {{room[0], 3}, {end, 2}}, one = {room[1], 16},
				  two = {room[2], 16};
	struct csock_incoming in[5] = {{.buffers = parts, .count = 2},
				       {.buffers = &one, .count = 1},
				       {.buffers = &two, .count = 1}};

	(void)state;
	open_datagrams(&a, &b);
	assert_int_equal(csock_sendmmsg(&a, out, 3, 0, CSOCK_NEVER), 3);
	assert_int_equal(csock_recvmmsg(&b, in, 5, 0, CSOCK_NEVER), 3);
	assert_int_equal(in[0].length, 5);
	assert_int_equal(in[0].received.flags & MSG_TRUNC, MSG_TRUNC);
	assert_memory_equal(room[0], "Mar", 3);
	assert_memory_equal(end, "y ", 2);
	assert_int_equal(in[1].length, 0);
	assert_int_equal(in[1].received.flags, 0);
	assert_int_equal(in[2].length, 4);
	assert_memory_equal(room[2], "Mary", 4);
	close_both(&a, &b);
}

static void test_addresses(void **state)
{
	static struct batch batch;
	struct csock_socket a, b;
	struct csock_addr to, from;

	(void)state;
	open_udp(&a, &from);
	open_udp(&b, &to);
	prepare_batch(&batch, &to);
	assert_int_equal(csock_sendmmsg(&a, batch.outgoing, SEVERAL, 0, CSOCK_NEVER), SEVERAL);
	prepare_batch(&batch, NULL);
	assert_int_equal(csock_recvmmsg(&b, batch.incoming, 1, 0, CSOCK_NEVER), 1);
	assert_true(csock_addr_equal(&batch.incoming[0].received.from, &from));
	assert_numbers(&b, 1, SEVERAL);
	close_both(&a, &b);
}

static void test_a_failure_in_the_middle(void **state)
{
	static char huge[70000];
	const struct csock_buffer good = {huge, 4}, bad = {huge, sizeof huge};
	struct csock_socket a, b;
	struct csock_addr to, from;
	struct csock_outgoing out[] = {{.buffers = &good, .count = 1},
				       {.buffers = &good, .count = 1},
				       {.buffers = &bad, .count = 1},
				       {.buffers = &good, .count = 1}};
	struct csock_incoming in[4] = {{.count = 0}};

	(void)state;
	open_udp(&a, &from);
	open_udp(&b, &to);
	for (size_t i = 0; i < 4; i++)
		out[i].to = &to;
	for (int64_t deadline = CSOCK_NOW; deadline != 0;
	     deadline = deadline == CSOCK_NOW ? CSOCK_NEVER : 0) {
		assert_int_equal(csock_sendmmsg(&a, out, 4, 0, deadline), 2);
		assert_errno(csock_sendmmsg(&a, out + 2, 2, 0, deadline), EMSGSIZE);
		for (ssize_t n = 0; n < 2;) {
			ssize_t received =
				csock_recvmmsg(&b, in, 4, 0, csock_deadline_after(PATIENCE));
			assert_true(received >= 1 && received <= 2 - n);
			n += received;
		}
	}
	close_both(&a, &b);
}

static void test_receiving_waits_for_one(void **state)
{
	struct csock_socket a, b;
	struct csock_incoming in[3] = {{.count = 0}};
	const struct csock_outgoing out = {.count = 0};

	(void)state;
	open_datagrams(&a, &b);
	assert_errno(csock_recvmmsg(&b, in, 3, 0, CSOCK_NOW), EAGAIN);
	assert_domain(csock_recvmmsg(&b, in, 3, 0, csock_deadline_after(10 * MILLISECOND)),
		      CSOCK_TIMEOUT);
	assert_int_equal(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_recvmmsg(&b, in, 3, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_recvmmsg(&b, in, 3, 0, csock_deadline_after(PATIENCE)), 1);
	close_both(&a, &b);
}

static void test_what_is_refused(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_incoming in = {.count = 0};
	const struct csock_outgoing out = {.count = 0};

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	assert_errno(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NOW), EOPNOTSUPP);
	assert_errno(csock_recvmmsg(&a, &in, 1, 0, CSOCK_NOW), EOPNOTSUPP);
	close_both(&a, &b);
	assert_errno(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NOW), EBADF);
	assert_errno(csock_sendmmsg(&a, &out, 0, 0, CSOCK_NOW), EBADF);
	assert_errno(csock_recvmmsg(&a, &in, 1, 0, CSOCK_NEVER), EBADF);
	open_datagrams(&a, &b);
	assert_int_equal(csock_sendmmsg(&a, &out, 0, 0, CSOCK_NEVER), 0);
	assert_int_equal(csock_recvmmsg(&b, &in, 0, 0, CSOCK_NEVER), 0);
	assert_errno(csock_recvmmsg(&b, &in, 1, 0, CSOCK_NOW), EAGAIN);
	/* A try does not support MSG_WAITALL. */
	assert_domain(csock_recvmmsg(&b, &in, 1, MSG_WAITALL, CSOCK_NOW), CSOCK_WOULD_WAIT);
	close_both(&a, &b);
}

static void *close_soon(void *arg)
{
	pause_for(20 * MILLISECOND);
	assert_int_equal(csock_close(arg), 0);
	return NULL;
}

static void test_close_wakes_who_waits(void **state)
{
	struct csock_incoming in = {.count = 0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct csock_socket a, b;
		pthread_t thread;
		open_datagrams(&a, &b);
		assert_int_equal(pthread_create(&thread, NULL, close_soon, &b), 0);
		assert_errno(csock_recvmmsg(&b, &in, 1, 0,
					    i == 0 ? CSOCK_NEVER : csock_deadline_after(PATIENCE)),
			     EBADF);
		assert_int_equal(pthread_join(thread, NULL), 0);
		close_both(&a, &b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_of_several_buffers),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_a_failure_in_the_middle),
		cmocka_unit_test(test_receiving_waits_for_one),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_close_wakes_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
