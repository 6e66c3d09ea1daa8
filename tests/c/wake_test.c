/*
 * Closing a socket under calls that are hard to wake.
 */
#include "waiter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void test_a_waiter_that_blocks_signals(void **state)
{
	(void)state;
	assert_closing_wakes(true);
}

/* Waits a moment, so often that the library looks at the thread's mask again. */
static void wait_often(struct waiter *waiter)
{
	char byte;

	for (int i = 0; i < 20; i++)
		(void)csock_recv(&waiter->sock, &byte, 1, 0, csock_deadline_after(1000));
}

static bool blocks_signals_now;

static void *block_signals_later(void *arg)
{
	struct waiter *waiter = arg;

	wait_often(waiter);
	waiter->blocks_signals = true;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	wait_often(waiter);
	__atomic_store_n(&blocks_signals_now, true, __ATOMIC_SEQ_CST);
	return wait_for_close(waiter);
}

static void test_a_waiter_that_blocks_signals_later(void **state)
{
	struct waiter waiter;

	(void)state;
	for (enum kind kind = RECV; kind <= RECV_UNTIL; kind++) {
		prepare_waiter(&waiter, kind);
		blocks_signals_now = false;
		assert_int_equal(pthread_create(&waiter.thread, NULL, block_signals_later, &waiter),
				 0);
		while (!__atomic_load_n(&blocks_signals_now, __ATOMIC_SEQ_CST))
			pause_for(MILLISECOND);
		pause_for(20 * MILLISECOND);
		close_and_join(&waiter);
	}
}

static struct waiter *waits_in_handler;

static void wait_in_handler(int number)
{
	(void)number;
	waits_in_handler->result = make_call(waits_in_handler);
}

static void *raise_in_thread(void *arg)
{
	(void)arg;
	raise(SIGURG);
	return NULL;
}

/* While its handler runs, the thread blocks the signal. */
static void test_a_waiter_in_a_handler_of_the_signal(void **state)
{
	struct waiter waiter;

	(void)state;
	handle_signals(SIGURG, SIGURG, wait_in_handler);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		prepare_waiter(&waiter, kind);
		waits_in_handler = &waiter;
		assert_int_equal(pthread_create(&waiter.thread, NULL, raise_in_thread, NULL), 0);
		pause_for(20 * MILLISECOND);
		close_and_join(&waiter);
	}
	handle_signals(SIGURG, SIGURG, SIG_DFL);
}

/* Without a descriptor to wake it, the call looks now and then. */
static void test_a_process_without_descriptors(void **state)
{
	struct rlimit limit, none;
	struct waiter waiter;

	(void)state;
	for (enum kind kind = RECV; kind <= RECV_UNTIL; kind++) {
		prepare_waiter(&waiter, kind);
		assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
		none = (struct rlimit){.rlim_cur = 3, .rlim_max = limit.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
		start_waiter(&waiter, true);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
		close_and_join(&waiter);
	}
}

/* Forbids tgkill() and tkill() to this thread for the rest of its life: 0, or an errno. */
static int forbid_signals(void)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tkill, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = {sizeof rules / sizeof *rules, rules};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		return errno;
	return 0;
}

struct closer {
	struct csock_socket *sock;
	int status;
	int64_t took;
	int error;
};

static void *close_without_signals(void *arg)
{
	struct closer *closer = arg;

	closer->error = forbid_signals();
	int64_t began = csock_clock();
	closer->status = csock_close(closer->sock);
	closer->took = csock_clock() - began;
	return NULL;
}

static void close_in_thread(struct closer *closer)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, close_without_signals, closer), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

/* The first call that cannot be ended goes on, which the close tells at once. Later ones end. */
static void test_a_program_that_may_not_send_signals(void **state)
{
	struct waiter first, later;
	struct closer closer = {.sock = &first.sock}, other = {.sock = &later.sock};

	(void)state;
	prepare_waiter(&first, RECV);
	start_waiter(&first, false);
	close_in_thread(&closer);
	prepare_waiter(&later, RECV);
	start_waiter(&later, false);
	close_in_thread(&other);
	(void)csock_send(&first.peer, "x", 1, 0, CSOCK_NOW);
	assert_int_equal(pthread_join(first.thread, NULL), 0);
	release_waiter(&first);
	close_and_join(&later);
	/* The library has given the signal up. */
	assert_int_equal(csock_wake_signal(SIGURG), 0);
	if (closer.error != 0) {
		printf("skip: no seccomp here: %s\n", strerror(closer.error));
		skip();
	}
	assert_domain(closer.status, CSOCK_IN_USE);
	assert_true(closer.took < 200 * MILLISECOND);
	assert_int_equal(first.result, 1);
	assert_int_equal(csock_close_wait(&first.sock, CSOCK_NOW), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_waiter_that_blocks_signals),
		cmocka_unit_test(test_a_waiter_that_blocks_signals_later),
		cmocka_unit_test(test_a_waiter_in_a_handler_of_the_signal),
		cmocka_unit_test(test_a_process_without_descriptors),
		cmocka_unit_test(test_a_program_that_may_not_send_signals),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("wake", tests, NULL, NULL);
}
