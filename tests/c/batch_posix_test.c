/*
 * Batches of messages over UNIX sockets: a full peer, signals, and descriptors.
 */
#include "batch.h"

#include <errno.h>
#include <pthread.h>

/* The messages that fit are sent. The call that begins with one that does not fit fails. */
static void test_a_full_socket(void **state)
{
	static struct batch batch;
	const int64_t soon = csock_deadline_after(30 * MILLISECOND);
	struct csock_socket a, b;

	(void)state;
	open_datagrams(&a, &b);
	prepare_batch(&batch, NULL);
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
		prepare_batch(&in, NULL);
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
		open_datagrams(&a, &b);
		prepare_batch(&batch, NULL);
		assert_int_equal(pthread_create(&thread, NULL, receive_all, &receiver), 0);
		assert_int_equal(csock_sendmmsg(&a, batch.outgoing, MANY, 0, deadlines[i]), MANY);
		assert_int_equal(pthread_join(thread, &done), 0);
		assert_ptr_equal(done, &receiver);
		close_both(&a, &b);
	}
}

static void test_signals(void **state)
{
	const int64_t far = csock_deadline_after(PATIENCE);
	static struct batch batch;
	struct csock_socket a, b;

	(void)state;
	open_datagrams(&a, &b);
	prepare_batch(&batch, NULL);
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
	open_datagrams(&a, &b);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_socket),
		cmocka_unit_test(test_waiting_until_all_are_sent),
		cmocka_unit_test(test_signals),
		cmocka_unit_test(test_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
