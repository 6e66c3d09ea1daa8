/*
 * Batches of messages.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

/*
 * More messages than the kernel accepts in a call; and a number that every UDP socket has room for.
 */
#define MANY 1500
#define SEVERAL 250

#define PATIENCE (20000 * MILLISECOND)

/* Numbers to send, each in its own message, and room to receive them. */
struct batch {
	uint32_t numbers[MANY];
	struct csock_buffer buffers[MANY];
	struct csock_outgoing outgoing[MANY];
	struct csock_incoming incoming[MANY];
};

static void prepare(struct batch *batch, const struct csock_addr *to)
{
	memset(batch, 0, sizeof *batch);
	for (uint32_t i = 0; i < MANY; i++) {
		batch->numbers[i] = i;
		batch->buffers[i] = (struct csock_buffer){&batch->numbers[i], sizeof(uint32_t)};
		batch->outgoing[i].buffers = batch->incoming[i].buffers = &batch->buffers[i];
		batch->outgoing[i].count = batch->incoming[i].count = 1;
		batch->outgoing[i].to = to;
	}
}

static void open_pair(struct csock_socket *a, struct csock_socket *b)
{
	*a = *b = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_open_pair(a, b, AF_UNIX, SOCK_DGRAM, 0), 0);
}

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

/* Receives the numbers from first to last. No message must follow. */
static void assert_numbers(struct csock_socket *sock, uint32_t first, uint32_t last)
{
	const int64_t deadline = csock_deadline_after(PATIENCE);
	static struct batch in;

	while (first < last) {
		prepare(&in, NULL);
		ssize_t n = csock_recvmmsg(sock, in.incoming, MANY, 0, deadline);
		assert_true(n > 0);
		for (ssize_t i = 0; i < n; i++, first++) {
			assert_int_equal(in.incoming[i].length, sizeof first);
			assert_int_equal(in.numbers[i], first);
		}
	}
	assert_int_equal(first, last);
	assert_errno(csock_recvmmsg(sock, in.incoming, MANY, 0, CSOCK_NOW), EAGAIN);
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
	open_pair(&a, &b);
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
	prepare(&batch, &to);
	assert_int_equal(csock_sendmmsg(&a, batch.outgoing, SEVERAL, 0, CSOCK_NEVER), SEVERAL);
	prepare(&batch, NULL);
	assert_int_equal(csock_recvmmsg(&b, batch.incoming, 1, 0, CSOCK_NEVER), 1);
	assert_true(csock_addr_equal(&batch.incoming[0].received.from, &from));
	assert_numbers(&b, 1, SEVERAL);
	close_both(&a, &b);
}

/* The messages that fit are sent. The call that begins with one that does not fit fails. */
static void test_a_full_socket(void **state)
{
	static struct batch batch;
	const int64_t soon = csock_deadline_after(30 * MILLISECOND);
	struct csock_socket a, b;

	(void)state;
	open_pair(&a, &b);
	prepare(&batch, NULL);
	ssize_t sent = csock_sendmmsg(&a, batch.outgoing, MANY, 0, CSOCK_NOW);
	assert_true(sent >= 1 && sent < MANY);
	assert_errno(csock_sendmmsg(&a, batch.outgoing, MANY, 0, CSOCK_NOW), EAGAIN);
	assert_domain(csock_sendmmsg(&a, batch.outgoing, MANY, 0, soon), CSOCK_TIMEOUT);
	assert_true(csock_clock() >= soon);
	assert_numbers(&b, 0, (uint32_t)sent);
	/* Some are sent before the deadline. */
	assert_int_equal(
		csock_sendmmsg(&a, batch.outgoing, MANY, 0, csock_deadline_after(30 * MILLISECOND)),
		sent);
	assert_numbers(&b, 0, (uint32_t)sent);
	close_both(&a, &b);
}

struct receiver {
	struct csock_socket *sock;
	int64_t deadline;
	size_t received;
};

static void *receive_all(void *arg)
{
	static struct batch in;
	struct receiver *receiver = arg;

	while (receiver->received < MANY) {
		prepare(&in, NULL);
		ssize_t n = csock_recvmmsg(receiver->sock, in.incoming, 100, 0, receiver->deadline);
		if (n < 0)
			return NULL;
		for (ssize_t i = 0; i < n; i++)
			if (in.numbers[i] != receiver->received++)
				return NULL;
	}
	return arg;
}

/* More messages than the socket has room for arrive at a reader, with both ways of waiting. */
static void test_waiting_until_all_are_sent(void **state)
{
	const int64_t deadlines[] = {CSOCK_NEVER, csock_deadline_after(PATIENCE)};
	static struct batch batch;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct csock_socket a, b;
		struct receiver receiver = {&b, deadlines[i], 0};
		pthread_t thread;
		void *done;
		open_pair(&a, &b);
		prepare(&batch, NULL);
		assert_int_equal(pthread_create(&thread, NULL, receive_all, &receiver), 0);
		assert_int_equal(csock_sendmmsg(&a, batch.outgoing, MANY, 0, deadlines[i]), MANY);
		assert_int_equal(pthread_join(thread, &done), 0);
		assert_ptr_equal(done, &receiver);
		close_both(&a, &b);
	}
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
	open_pair(&a, &b);
	assert_errno(csock_recvmmsg(&b, in, 3, 0, CSOCK_NOW), EAGAIN);
	assert_domain(csock_recvmmsg(&b, in, 3, 0, csock_deadline_after(10 * MILLISECOND)),
		      CSOCK_TIMEOUT);
	assert_int_equal(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_recvmmsg(&b, in, 3, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_recvmmsg(&b, in, 3, 0, csock_deadline_after(PATIENCE)), 1);
	close_both(&a, &b);
}

static void test_signals(void **state)
{
	const int64_t far = csock_deadline_after(PATIENCE);
	static struct batch batch;
	struct csock_socket a, b;

	(void)state;
	open_pair(&a, &b);
	prepare(&batch, NULL);
	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_recvmmsg(&b, batch.incoming, MANY, 0, CSOCK_NEVER), CSOCK_INTERRUPTED);
	assert_domain(csock_recvmmsg(&b, batch.incoming, MANY, 0, far), CSOCK_INTERRUPTED);
	/* The result is the number sent before the signal; the signal only if there are none. */
	ssize_t sent = csock_sendmmsg(&a, batch.outgoing, MANY, 0, CSOCK_NEVER);
	assert_true(sent >= 1 && sent < MANY);
	assert_domain(csock_sendmmsg(&a, batch.outgoing, MANY, 0, CSOCK_NEVER), CSOCK_INTERRUPTED);
	assert_domain(csock_sendmmsg(&a, batch.outgoing, MANY, 0, far), CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_numbers(&b, 0, (uint32_t)sent);
	close_both(&a, &b);
}

/* Each message has its own ancillary data, and room for it. */
static void test_descriptors(void **state)
{
	struct csock_socket a, b;
	_Alignas(size_t) char control[64], room[3][64];
	const struct csock_ancillary item = {SOL_SOCKET, SCM_RIGHTS, &(int){0}, sizeof(int)};
	size_t size = csock_ancillary_size(&item, 1);
	struct csock_outgoing out[3] = {{.control = control, .control_size = size},
					{.control = NULL},
					{.control = control, .control_size = size}};
	struct csock_incoming in[3] = {{.count = 0}};
	int before;

	(void)state;
	assert_true(size <= sizeof control);
	assert_true(csock_ancillary_encode(&item, 1, control, sizeof control) > 0);
	open_pair(&a, &b);
	before = count_descriptors();
	assert_int_equal(csock_sendmmsg(&a, out, 3, 0, CSOCK_NEVER), 3);
	for (size_t i = 0; i < 3; i++) {
		in[i].received.control = room[i];
		in[i].received.control_size = sizeof room[i];
	}
	assert_int_equal(csock_recvmmsg(&b, in, 3, 0, CSOCK_NOW), 3);
	assert_int_equal(in[0].received.control_size, size);
	assert_int_equal(in[1].received.control_size, 0);
	assert_int_equal(in[2].received.control_size, size);
	assert_int_equal(count_descriptors(), before + 2);
	for (size_t i = 0; i < 3; i++)
		csock_ancillary_close_rights(room[i], in[i].received.control_size);
	assert_int_equal(count_descriptors(), before);
	close_both(&a, &b);
}

static void test_what_is_refused(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_incoming in = {.count = 0};
	const struct csock_outgoing out = {.count = 0};

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_errno(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NOW), EOPNOTSUPP);
	assert_errno(csock_recvmmsg(&a, &in, 1, 0, CSOCK_NOW), EOPNOTSUPP);
	close_both(&a, &b);
	assert_errno(csock_sendmmsg(&a, &out, 1, 0, CSOCK_NOW), EBADF);
	assert_errno(csock_sendmmsg(&a, &out, 0, 0, CSOCK_NOW), EBADF);
	assert_errno(csock_recvmmsg(&a, &in, 1, 0, CSOCK_NEVER), EBADF);
	open_pair(&a, &b);
	assert_int_equal(csock_sendmmsg(&a, &out, 0, 0, CSOCK_NEVER), 0);
	assert_int_equal(csock_recvmmsg(&b, &in, 0, 0, CSOCK_NEVER), 0);
	assert_errno(csock_recvmmsg(&b, &in, 1, 0, CSOCK_NOW), EAGAIN);
	/* A try does not support MSG_WAITALL. */
	assert_domain(csock_recvmmsg(&b, &in, 1, MSG_WAITALL, CSOCK_NOW), CSOCK_WOULD_WAIT);
	close_both(&a, &b);
}

static void *close_soon(void *arg)
{
	usleep(20000);
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
		open_pair(&a, &b);
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
		cmocka_unit_test(test_a_full_socket),
		cmocka_unit_test(test_waiting_until_all_are_sent),
		cmocka_unit_test(test_a_failure_in_the_middle),
		cmocka_unit_test(test_receiving_waits_for_one),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_close_wakes_who_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
