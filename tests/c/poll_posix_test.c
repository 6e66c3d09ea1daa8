/*
 * Waiting for sockets, with signals and cancelled threads.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "csocket/poll.h"
#include "inflight.h"

#define PATIENCE (9000 * MILLISECOND)
#define WAIT (20 * MILLISECOND)
/* More than csock_poll has room for on the stack. */
#define MANY 40

/* A csock_poll in a thread. */
struct waiter {
	struct csock_poll_item *items;
	size_t count;
	bool blocks_signals;
	int result;
	pthread_t thread;
};

static void *poll_in_thread(void *arg)
{
	struct waiter *waiter = arg;
	sigset_t all;

	sigfillset(&all);
	if (waiter->blocks_signals)
		pthread_sigmask(SIG_BLOCK, &all, NULL);
	waiter->result = csock_poll(waiter->items, waiter->count, csock_deadline_after(PATIENCE));
	return NULL;
}

static void start(struct waiter *waiter, struct csock_poll_item *items, size_t count)
{
	waiter->items = items;
	waiter->count = count;
	assert_int_equal(pthread_create(&waiter->thread, NULL, poll_in_thread, waiter), 0);
	pause_for(WAIT);
}

/* Closing one socket ends the wait for all. */
static void test_closing_ends_it(void **state)
{
	struct streams *pair = *state;

	for (int blocks = 0; blocks < 2; blocks++) {
		struct csock_socket other = CSOCK_SOCKET_INIT;
		struct waiter waiter = {.blocks_signals = blocks};
		assert_int_equal(csock_open(&other, AF_UNIX, SOCK_DGRAM, 0), 0);
		struct csock_poll_item items[] = {
			{.sock = &pair->a, .events = POLLIN},
			{.sock = &other, .events = POLLIN},
			{.sock = &other, .events = POLLPRI},
		};
		start(&waiter, items, 3);
		int64_t before = csock_clock();
		assert_int_equal(csock_close_wait(&other, csock_deadline_after(PATIENCE)), 0);
		assert_int_equal(pthread_join(waiter.thread, NULL), 0);
		assert_true(csock_clock() - before < PATIENCE / 2);
		assert_int_equal(waiter.result, 2);
		assert_int_equal(items[0].ready, 0);
		assert_int_equal(items[1].ready, POLLNVAL);
		assert_int_equal(items[2].ready, POLLNVAL);
		assert_false(csi_is_occupied(&pair->a));
		assert_null(pair->a.waiters);
	}
}

static struct csock_wake handlers_wake;

static void set_in_handler(int number)
{
	(void)number;
	(void)csock_wake_set(&handlers_wake);
}

/* The signal may come before, while or after the call begins: no signal is missed. */
static void test_a_handle_in_a_signal_handler(void **state)
{
	const struct sigaction action = {.sa_handler = set_in_handler, .sa_flags = SA_RESTART};
	struct csock_poll_item item = {.wake = &handlers_wake};
	struct waiter waiter = {0};
	struct sigaction former;

	(void)state;
	assert_int_equal(csock_wake_open(&handlers_wake), 0);
	assert_int_equal(sigaction(SIGUSR1, &action, &former), 0);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(csock_poll(&item, 1, CSOCK_NEVER), 1);
	assert_int_equal(csock_wake_clear(&handlers_wake), 0);
	start(&waiter, &item, 1);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(pthread_join(waiter.thread, NULL), 0);
	assert_int_equal(waiter.result, 1);
	assert_int_equal(sigaction(SIGUSR1, &former, NULL), 0);
	csock_wake_close(&handlers_wake);
}

static void test_a_signal_ends_it(void **state)
{
	struct streams *pair = *state;
	struct sigaction former;

	assert_int_equal(sigaction(SIGALRM, NULL, &former), 0);
	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_wait(&pair->a, POLLIN, CSOCK_NEVER), CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_int_equal(sigaction(SIGALRM, &former, NULL), 0);
	alarm(50);
}

static void test_a_thread_that_is_cancelled(void **state)
{
	struct streams *pair = *state;
	struct csock_poll_item items[MANY];
	struct waiter waiter = {.blocks_signals = true};
	int before = count_descriptors();

	for (int i = 0; i < MANY; i++)
		items[i] = (struct csock_poll_item){.sock = &pair->a, .events = POLLIN};
	start(&waiter, items, MANY);
	assert_int_equal(pthread_cancel(waiter.thread), 0);
	assert_int_equal(pthread_join(waiter.thread, NULL), 0);
	assert_false(csi_is_occupied(&pair->a));
	assert_null(pair->a.waiters);
	assert_int_equal(count_descriptors(), before);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_streams, close_streams)

/* The other end of an AF_UNIX pair is gone. */
static void test_a_hang_up(void **state)
{
	struct streams *pair = *state;

	assert_int_equal(csock_close(&pair->b), 0);
	assert_true(csock_wait(&pair->a, POLLOUT, CSOCK_NEVER) & POLLHUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_a_hang_up),
		ON_PAIR(test_closing_ends_it),
		ON_PAIR(test_a_handle_in_a_signal_handler),
		ON_PAIR(test_a_signal_ends_it),
		ON_PAIR(test_a_thread_that_is_cancelled),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("poll", tests, NULL, NULL);
}
