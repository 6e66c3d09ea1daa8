/*
 * Closing a socket under a thread that cannot be woken: the time it takes, and the signals that
 * stay pending.
 */
#include "support.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The most signals that one close leaves pending for a waiter. */
#define SIGNALS_MAX 8
/* The number of sockets that are closed under the same thread. */
#define CLOSES 2

struct waiter {
	struct csock_socket a[CLOSES], b[CLOSES];
	bool blocks_signals;
	int pending; /* signals that were left pending */
	ssize_t results[CLOSES];
	pthread_t thread;
};

static void pause_for(int64_t nanoseconds)
{
	const struct timespec pause = {.tv_nsec = (long)nanoseconds};

	nanosleep(&pause, NULL);
}

/* Takes the signals that are pending for this thread; returns their number. */
static int take_signals(const sigset_t *set)
{
	const struct timespec now = {0};
	int count = 0;

	while (sigtimedwait(set, NULL, &now) > 0)
		count++;
	return count;
}

static void *wait_for_bytes(void *arg)
{
	struct waiter *waiter = arg;
	sigset_t all;
	char byte;

	sigfillset(&all);
	if (waiter->blocks_signals)
		pthread_sigmask(SIG_BLOCK, &all, NULL);
	for (int i = 0; i < CLOSES; i++)
		waiter->results[i] = csock_recv(&waiter->a[i], &byte, 1, 0, CSOCK_NEVER);
	if (waiter->blocks_signals)
		waiter->pending = take_signals(&all);
	return NULL;
}

static void start(struct waiter *waiter, bool blocks_signals)
{
	*waiter = (struct waiter){.blocks_signals = blocks_signals};
	for (int i = 0; i < CLOSES; i++) {
		waiter->a[i] = waiter->b[i] = (struct csock_socket)CSOCK_SOCKET_INIT;
		assert_int_equal(
			csock_open_pair(&waiter->a[i], &waiter->b[i], AF_UNIX, SOCK_STREAM, 0), 0);
	}
	assert_int_equal(pthread_create(&waiter->thread, NULL, wait_for_bytes, waiter), 0);
}

/*
 * Closes the sockets one after the other under the waiter. If a close does not wake it, a byte
 * does. Returns the ns that the longest close took.
 */
static int64_t close_all(struct waiter *waiter)
{
	int64_t longest = 0;

	for (int i = 0; i < CLOSES; i++) {
		pause_for(20 * MILLISECOND);
		int64_t began = csock_clock();
		assert_int_equal(csock_close(&waiter->a[i]), 0);
		int64_t took = csock_clock() - began;
		longest = took > longest ? took : longest;
		(void)csock_send(&waiter->b[i], "x", 1, MSG_NOSIGNAL, CSOCK_NEVER);
		assert_int_equal(csock_close(&waiter->b[i]), 0);
	}
	return longest;
}

/* Fails unless every close woke the waiter (was_woken), or none did. */
static void finish(struct waiter *waiter, bool was_woken)
{
	assert_int_equal(pthread_join(waiter->thread, NULL), 0);
	for (int i = 0; i < CLOSES; i++) {
		if (was_woken)
			assert_errno(waiter->results[i], EBADF);
		else
			assert_int_equal(waiter->results[i], 1);
	}
}

/* SIGURG does not queue: one is pending after any number of closes. */
static void test_a_waiter_that_blocks_signals(void **state)
{
	struct waiter waiter;

	(void)state;
	start(&waiter, true);
	assert_true(close_all(&waiter) < 2000 * MILLISECOND);
	finish(&waiter, false);
	assert_int_equal(waiter.pending, 1);
}

static void on_signal(int number)
{
	(void)number;
}

/* Sets the handler for the signals from first to last. */
static void handle(int first, int last, void (*handler)(int))
{
	const struct sigaction action = {.sa_handler = handler};

	for (int number = first; number <= last; number++)
		assert_int_equal(sigaction(number, &action, NULL), 0);
}

/* Whether the system reports the handler of every signal from first to last. */
static bool handlers_are_told(int first, int last)
{
	struct sigaction now;

	for (int number = first; number <= last; number++)
		if (sigaction(number, NULL, &now) != 0 || now.sa_handler != on_signal)
			return false;
	return true;
}

/* Closing uses another signal if the program has this action for SIGURG. */
static void assert_closing_wakes_in_spite_of(void (*action)(int))
{
	struct waiter waiter;
	struct sigaction after;

	handle(SIGURG, SIGURG, action);
	start(&waiter, false);
	(void)close_all(&waiter);
	assert_int_equal(sigaction(SIGURG, NULL, &after), 0);
	handle(SIGURG, SIGURG, SIG_DFL);
	finish(&waiter, true);
	assert_true(after.sa_handler == action);
}

static void test_a_program_that_handles_the_signal(void **state)
{
	(void)state;
	assert_closing_wakes_in_spite_of(on_signal);
}

static void test_a_program_that_ignores_the_signal(void **state)
{
	(void)state;
	assert_closing_wakes_in_spite_of(SIG_IGN);
}

/* Real-time signals queue, so there must be few of them. */
static void test_signals_that_queue_are_few(void **state)
{
	struct waiter waiter;

	(void)state;
	handle(SIGURG, SIGURG, on_signal);
	start(&waiter, true);
	(void)close_all(&waiter);
	handle(SIGURG, SIGURG, SIG_DFL);
	finish(&waiter, false);
	assert_true(waiter.pending >= CLOSES && waiter.pending <= CLOSES * SIGNALS_MAX);
}

/* Without a free signal, closing cannot wake a thread, and does not wait. */
static void test_a_program_that_handles_all_signals(void **state)
{
	struct waiter waiter;

	(void)state;
	handle(SIGURG, SIGURG, on_signal);
	handle(SIGRTMIN, SIGRTMAX, on_signal);
	if (!handlers_are_told(SIGRTMIN, SIGRTMAX)) {
		/* Closing uses such a signal, because it cannot see the handler. */
		printf("skip: ASan of gcc 16 does not tell the handler of signal 64\n");
		handle(SIGURG, SIGURG, SIG_DFL);
		handle(SIGRTMIN, SIGRTMAX, SIG_DFL);
		skip();
	}
	start(&waiter, false);
	int64_t took = close_all(&waiter);
	handle(SIGURG, SIGURG, SIG_DFL);
	handle(SIGRTMIN, SIGRTMAX, SIG_DFL);
	finish(&waiter, false);
	assert_true(took < 200 * MILLISECOND);
}

/* A program that handles only the real-time signals leaves SIGURG. */
static void test_a_program_that_handles_all_real_time_signals(void **state)
{
	struct waiter waiter;

	(void)state;
	handle(SIGRTMIN, SIGRTMAX, on_signal);
	start(&waiter, false);
	(void)close_all(&waiter);
	handle(SIGRTMIN, SIGRTMAX, SIG_DFL);
	finish(&waiter, true);
}

struct closer {
	struct waiter *waiter;
	int64_t took;
	int error;
};

/* Forbids tgkill() to this thread for the rest of its life: 0, or an errno. */
static int forbid_signals(void)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = {sizeof rules / sizeof *rules, rules};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		return errno;
	return 0;
}

static void *close_without_signals(void *arg)
{
	struct closer *closer = arg;

	closer->error = forbid_signals();
	closer->took = close_all(closer->waiter);
	return NULL;
}

static void test_a_program_that_may_not_send_signals(void **state)
{
	struct waiter waiter;
	struct closer closer = {.waiter = &waiter};
	pthread_t thread;

	(void)state;
	start(&waiter, false);
	assert_int_equal(pthread_create(&thread, NULL, close_without_signals, &closer), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	finish(&waiter, closer.error != 0);
	if (closer.error != 0) {
		print_message("no seccomp here: %s\n", strerror(closer.error));
		skip();
	}
	assert_true(closer.took < 200 * MILLISECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_waiter_that_blocks_signals),
		cmocka_unit_test(test_a_program_that_handles_the_signal),
		cmocka_unit_test(test_a_program_that_ignores_the_signal),
		cmocka_unit_test(test_signals_that_queue_are_few),
		cmocka_unit_test(test_a_program_that_handles_all_signals),
		cmocka_unit_test(test_a_program_that_handles_all_real_time_signals),
		cmocka_unit_test(test_a_program_that_may_not_send_signals),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("wake", tests, NULL, NULL);
}
