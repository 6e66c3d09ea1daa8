/*
 * Threads that are cancelled in a call.
 */
#include "support.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "inflight.h"

/* A call in a thread. */
struct call {
	struct csock_socket *sock;
	ssize_t (*make)(struct csock_socket *sock, int64_t deadline);
	int64_t deadline;
	bool blocks_signals;
	pthread_t thread;
};

static ssize_t receive(struct csock_socket *sock, int64_t deadline)
{
	char byte;

	return csock_recv(sock, &byte, 1, 0, deadline);
}

static ssize_t receive_message(struct csock_socket *sock, int64_t deadline)
{
	char byte;
	const struct csock_buffer buffer = {&byte, 1};
	struct csock_received received = {0};

	return csock_recvmsg(sock, &buffer, 1, 0, &received, deadline);
}

static ssize_t accept_connection(struct csock_socket *sock, int64_t deadline)
{
	struct csock_socket connection = CSOCK_SOCKET_INIT;

	return csock_accept(sock, &connection, NULL, 0, deadline);
}

static void *make_call(void *arg)
{
	struct call *call = arg;
	sigset_t all;

	sigfillset(&all);
	if (call->blocks_signals)
		pthread_sigmask(SIG_BLOCK, &all, NULL);
	(void)call->make(call->sock, call->deadline);
	return NULL;
}

/* Cancels a thread in the call. Then nothing uses the socket, and closing closes its descriptor. */
static void cancel_in(struct csock_socket *sock, struct call call)
{
	void *result;

	call.sock = sock;
	assert_int_equal(pthread_create(&call.thread, NULL, make_call, &call), 0);
	pause_for(10 * MILLISECOND);
	assert_int_equal(pthread_cancel(call.thread), 0);
	assert_int_equal(pthread_join(call.thread, &result), 0);
	assert_ptr_equal(result, PTHREAD_CANCELED);
	assert_false(csi_is_occupied(sock));
	assert_null(sock->waiters);
	assert_int_equal(csock_close(sock), 0);
}

static void cancel_on_stream(struct call call)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;

	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	cancel_in(&a, call);
	assert_int_equal(csock_close(&b), 0);
}

static void cancel_on_listener(struct call call)
{
	struct csock_socket listener;
	struct csock_addr addr;

	open_listener(&listener, AF_INET, &addr);
	cancel_in(&listener, call);
}

static void test_waiting_calls(void **state)
{
	int64_t later = csock_deadline_after(9000 * MILLISECOND);
	int before = count_descriptors();

	(void)state;
	for (int blocks = 0; blocks < 2; blocks++) {
		const struct call calls[] = {
			{.make = receive, .deadline = CSOCK_NEVER, .blocks_signals = blocks},
			{.make = receive, .deadline = later, .blocks_signals = blocks},
			{.make = receive_message,
			 .deadline = CSOCK_NEVER,
			 .blocks_signals = blocks},
			{.make = receive_message, .deadline = later, .blocks_signals = blocks},
		};
		for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
			cancel_on_stream(calls[i]);
		cancel_on_listener((struct call){.make = accept_connection,
						 .deadline = CSOCK_NEVER,
						 .blocks_signals = blocks});
		cancel_on_listener((struct call){
			.make = accept_connection, .deadline = later, .blocks_signals = blocks});
	}
	assert_int_equal(count_descriptors(), before);
}

static ssize_t receive_after_cancel(struct csock_socket *sock, int64_t deadline)
{
	/* The request is there before the call. */
	assert_int_equal(pthread_cancel(pthread_self()), 0);
	return receive(sock, deadline);
}

static void test_a_call_that_does_not_wait(void **state)
{
	int before = count_descriptors();

	(void)state;
	cancel_on_stream((struct call){.make = receive_after_cancel, .deadline = CSOCK_NOW});
	assert_int_equal(count_descriptors(), before);
}

static ssize_t close_after_cancel(struct csock_socket *sock, int64_t deadline)
{
	(void)deadline;
	assert_int_equal(pthread_cancel(pthread_self()), 0);
	int result = csock_close(sock);
	pthread_testcancel();
	return result;
}

/* Closing is no cancellation point: the descriptor is closed in any case. */
static void test_closing(void **state)
{
	int before = count_descriptors();

	(void)state;
	cancel_on_stream((struct call){.make = close_after_cancel});
	assert_int_equal(count_descriptors(), before);
}

/* Without the waiter's leaving, this close would read the stack of a thread that is gone. */
static void test_other_waiters_are_still_woken(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct call cancelled = {.sock = &a, .make = receive, .deadline = CSOCK_NEVER};
	struct call woken = cancelled;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(pthread_create(&cancelled.thread, NULL, make_call, &cancelled), 0);
	assert_int_equal(pthread_create(&woken.thread, NULL, make_call, &woken), 0);
	pause_for(10 * MILLISECOND);
	assert_int_equal(pthread_cancel(cancelled.thread), 0);
	assert_int_equal(pthread_join(cancelled.thread, NULL), 0);
	assert_int_equal(csock_close_wait(&a, csock_deadline_after(9000 * MILLISECOND)), 0);
	assert_int_equal(pthread_join(woken.thread, NULL), 0);
	assert_int_equal(csock_close(&b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waiting_calls),
		cmocka_unit_test(test_a_call_that_does_not_wait),
		cmocka_unit_test(test_closing),
		cmocka_unit_test(test_other_waiters_are_still_woken),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("cancel", tests, NULL, NULL);
}
