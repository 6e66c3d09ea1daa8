/*
 * Closing a socket under waiting calls, whatever the program does with signals.
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
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* A call that nothing ends goes on for so long. */
#define PATIENCE (9000 * MILLISECOND)

enum kind {
	RECV,
	RECV_UNTIL,
	ACCEPT,
	ACCEPT_UNTIL,
	CONNECT,
	CONNECT_UNTIL,
	SEND,
	SEND_UNTIL
};
#define KINDS 8

/* A call in a thread, which waits until its socket is closed. */
struct waiter {
	enum kind kind;
	struct csock_socket sock;
	struct csock_socket peer;
	struct csock_socket queue[2]; /* fill the backlog of the peer */
	struct csock_addr addr;
	bool blocks_signals;
	int pending; /* signals that were left pending for the thread */
	ssize_t result;
	pthread_t thread;
};

static int64_t deadline_of(enum kind kind)
{
	return kind % 2 ? csock_deadline_after(PATIENCE) : CSOCK_NEVER;
}

/* The call, which can only wait. */
static ssize_t call(struct waiter *waiter)
{
	struct csock_socket connection = CSOCK_SOCKET_INIT;
	int64_t deadline = deadline_of(waiter->kind);
	char byte = 0;

	switch (waiter->kind) {
	case RECV:
	case RECV_UNTIL:
		return csock_recv(&waiter->sock, &byte, 1, 0, deadline);
	case ACCEPT:
	case ACCEPT_UNTIL:
		return csock_accept(&waiter->sock, &connection, NULL, 0, deadline);
	case CONNECT:
	case CONNECT_UNTIL:
		return csock_connect(&waiter->sock, &waiter->addr, deadline);
	default:
		return csock_send(&waiter->sock, &byte, 1, 0, deadline);
	}
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

static void *wait_for_close(void *arg)
{
	struct waiter *waiter = arg;
	sigset_t all;

	sigfillset(&all);
	if (waiter->blocks_signals)
		pthread_sigmask(SIG_BLOCK, &all, NULL);
	waiter->result = call(waiter);
	if (waiter->blocks_signals)
		waiter->pending = take_signals(&all);
	return NULL;
}

static void open_pair(struct csock_socket *a, struct csock_socket *b)
{
	assert_int_equal(csock_open_pair(a, b, AF_UNIX, SOCK_STREAM, 0), 0);
}

/* A listener at an address that the system chooses. */
static void listen_anywhere(struct csock_socket *listener, struct csock_addr *addr)
{
	struct csock_addr any;

	assert_int_equal(csock_addr_unix(&any, "", 0), 0);
	assert_int_equal(csock_open(listener, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_bind(listener, &any), 0);
	assert_int_equal(csock_listen(listener, 0), 0);
	assert_int_equal(csock_getsockname(listener, addr), 0);
}

static void fill_backlog(struct waiter *waiter)
{
	listen_anywhere(&waiter->peer, &waiter->addr);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_open(&waiter->queue[i], AF_UNIX, SOCK_STREAM, 0), 0);
		(void)csock_connect(&waiter->queue[i], &waiter->addr, CSOCK_NOW);
	}
	assert_int_equal(csock_open(&waiter->sock, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_errno(csock_connect(&waiter->sock, &waiter->addr, CSOCK_NOW), EAGAIN);
}

static void fill_buffer(struct csock_socket *sock)
{
	static const char data[4096];
	ssize_t n;

	do
		n = csock_send(sock, data, sizeof data, 0, CSOCK_NOW);
	while (n > 0);
	assert_errno(n, EAGAIN);
}

static void prepare(struct waiter *waiter, enum kind kind)
{
	*waiter = (struct waiter){.kind = kind};
	switch (kind) {
	case RECV:
	case RECV_UNTIL:
		open_pair(&waiter->sock, &waiter->peer);
		break;
	case ACCEPT:
	case ACCEPT_UNTIL:
		listen_anywhere(&waiter->sock, &waiter->addr);
		break;
	case CONNECT:
	case CONNECT_UNTIL:
		fill_backlog(waiter);
		break;
	default:
		open_pair(&waiter->sock, &waiter->peer);
		fill_buffer(&waiter->sock);
		break;
	}
}

static void start(struct waiter *waiter, bool blocks_signals)
{
	waiter->blocks_signals = blocks_signals;
	assert_int_equal(pthread_create(&waiter->thread, NULL, wait_for_close, waiter), 0);
	pause_for(20 * MILLISECOND);
}

static void release(struct waiter *waiter)
{
	assert_int_equal(csock_close(&waiter->peer), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_close(&waiter->queue[i]), 0);
}

/* Closes the socket. That must end the call, and leave no signal behind. */
static void close_and_join(struct waiter *waiter)
{
	int64_t began = csock_clock();
	int status = csock_close_wait(&waiter->sock, csock_deadline_after(PATIENCE / 2));

	assert_int_equal(status, 0);
	assert_true(csock_clock() - began < PATIENCE / 2);
	assert_int_equal(pthread_join(waiter->thread, NULL), 0);
	assert_errno(waiter->result, EBADF);
	assert_int_equal(waiter->pending, 0);
	release(waiter);
}

/* Closes sockets under waiting calls of every kind, which must wake them. */
static void assert_closing_wakes(bool blocks_signals)
{
	int before = count_descriptors();
	struct waiter waiter;

	for (enum kind kind = 0; kind < KINDS; kind++) {
		prepare(&waiter, kind);
		start(&waiter, blocks_signals);
		close_and_join(&waiter);
	}
	assert_int_equal(count_descriptors(), before);
}

static void test_a_program_without_handlers(void **state)
{
	(void)state;
	assert_closing_wakes(false);
}

static void test_a_waiter_that_blocks_signals(void **state)
{
	(void)state;
	assert_closing_wakes(true);
}

static void on_signal(int number)
{
	(void)number;
}

/* Sets the action for the signals from first to last. */
static void handle(int first, int last, void (*action)(int))
{
	const struct sigaction new = {.sa_handler = action};

	for (int number = first; number <= last; number++)
		assert_int_equal(sigaction(number, &new, NULL), 0);
}

static void (*action_of(int number))(int)
{
	struct sigaction now;

	assert_int_equal(sigaction(number, NULL, &now), 0);
	return now.sa_handler;
}

static void assert_closing_wakes_in_spite_of(void (*action)(int))
{
	handle(SIGURG, SIGURG, action);
	assert_closing_wakes(false);
	bool is_the_programs = action_of(SIGURG) == action;
	handle(SIGURG, SIGURG, SIG_DFL);
	assert_true(is_the_programs);
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

static void test_a_program_that_handles_all_signals(void **state)
{
	(void)state;
	handle(SIGRTMIN, SIGRTMAX, on_signal);
	assert_closing_wakes_in_spite_of(on_signal);
	handle(SIGRTMIN, SIGRTMAX, SIG_DFL);
}

static int taken_by_sigwait;

static void *wait_for_signal(void *arg)
{
	const sigset_t *set = arg;

	assert_int_equal(sigwait(set, &taken_by_sigwait), 0);
	return NULL;
}

/* The signals of the process are the one thread's that waits for them. */
static void test_a_program_that_waits_for_signals(void **state)
{
	sigset_t all, former;
	struct waiter waiter;
	pthread_t thread;

	(void)state;
	sigfillset(&all);
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &all, &former), 0);
	sigdelset(&all, SIGALRM);
	assert_int_equal(pthread_create(&thread, NULL, wait_for_signal, &all), 0);
	prepare(&waiter, RECV);
	start(&waiter, true);
	assert_int_equal(kill(getpid(), SIGURG), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(taken_by_sigwait, SIGURG);
	close_and_join(&waiter);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &former, NULL), 0);
}

/* Waits a moment, so often that the library looks at the thread's mask again. */
static void wait_often(struct waiter *waiter)
{
	char byte;

	for (int i = 0; i < 20; i++)
		(void)csock_recv(&waiter->sock, &byte, 1, 0, csock_deadline_after(1000));
}

static void *block_signals_later(void *arg)
{
	struct waiter *waiter = arg;

	wait_often(waiter);
	waiter->blocks_signals = true;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	wait_often(waiter);
	return wait_for_close(waiter);
}

static void test_a_waiter_that_blocks_signals_later(void **state)
{
	struct waiter waiter;

	(void)state;
	for (enum kind kind = RECV; kind <= RECV_UNTIL; kind++) {
		prepare(&waiter, kind);
		assert_int_equal(pthread_create(&waiter.thread, NULL, block_signals_later, &waiter),
				 0);
		pause_for(20 * MILLISECOND);
		close_and_join(&waiter);
	}
}

static struct waiter *waits_in_handler;

static void wait_in_handler(int number)
{
	(void)number;
	waits_in_handler->result = call(waits_in_handler);
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
	handle(SIGURG, SIGURG, wait_in_handler);
	for (enum kind kind = 0; kind < KINDS; kind++) {
		prepare(&waiter, kind);
		waits_in_handler = &waiter;
		assert_int_equal(pthread_create(&waiter.thread, NULL, raise_in_thread, NULL), 0);
		pause_for(20 * MILLISECOND);
		close_and_join(&waiter);
	}
	handle(SIGURG, SIGURG, SIG_DFL);
}

/* The signal stays the program's until a call has to be ended by it. */
static void test_nothing_is_claimed_before_it_is_needed(void **state)
{
	struct waiter waiter;

	(void)state;
	assert_int_equal(csock_wake_signal(SIGUSR1), 0);
	prepare(&waiter, RECV);
	start(&waiter, true);
	assert_true(action_of(SIGUSR1) == SIG_DFL);
	close_and_join(&waiter);
	assert_true(action_of(SIGUSR1) == SIG_DFL);
	prepare(&waiter, RECV);
	start(&waiter, false);
	assert_true(action_of(SIGUSR1) == SIG_DFL);
	close_and_join(&waiter);
	assert_true(action_of(SIGUSR1) != SIG_DFL);
	/* Another choice gives it back. */
	assert_int_equal(csock_wake_signal(SIGURG), 0);
	assert_true(action_of(SIGUSR1) == SIG_DFL);
}

static void test_a_program_that_forbids_signals(void **state)
{
	(void)state;
	assert_int_equal(csock_wake_signal(0), 0);
	assert_true(action_of(SIGURG) == SIG_DFL);
	assert_closing_wakes(false);
	assert_true(action_of(SIGURG) == SIG_DFL);
	assert_int_equal(csock_wake_signal(SIGURG), 0);
}

static void test_signals_that_cannot_be_chosen(void **state)
{
	const int wrong[] = {-1, SIGKILL, SIGSTOP, 10000};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_errno(csock_wake_signal(wrong[i]), EINVAL);
}

/* Without a descriptor to wake it, the call looks now and then. */
static void test_a_process_without_descriptors(void **state)
{
	struct rlimit limit, none;
	struct waiter waiter;

	(void)state;
	for (enum kind kind = RECV; kind <= RECV_UNTIL; kind++) {
		prepare(&waiter, kind);
		assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
		none = (struct rlimit){.rlim_cur = 3, .rlim_max = limit.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
		start(&waiter, true);
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
	prepare(&first, RECV);
	start(&first, false);
	close_in_thread(&closer);
	prepare(&later, RECV);
	start(&later, false);
	close_in_thread(&other);
	(void)csock_send(&first.peer, "x", 1, 0, CSOCK_NOW);
	assert_int_equal(pthread_join(first.thread, NULL), 0);
	release(&first);
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

/* A signal ends the wait for calls that do not end, and the wait can go on. */
static void test_a_signal_ends_the_wait_for_calls(void **state)
{
	struct waiter waiter;

	(void)state;
	prepare(&waiter, RECV);
	start(&waiter, false);
	handle(SIGURG, SIGURG, on_signal);
	interrupt_every(30 * MILLISECOND);
	assert_domain(csock_close_wait(&waiter.sock, CSOCK_NEVER), CSOCK_INTERRUPTED);
	interrupt_every(0);
	handle(SIGALRM, SIGALRM, SIG_DFL);
	alarm(50);
	handle(SIGURG, SIGURG, SIG_DFL);
	close_and_join(&waiter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_program_without_handlers),
		cmocka_unit_test(test_a_waiter_that_blocks_signals),
		cmocka_unit_test(test_a_program_that_handles_the_signal),
		cmocka_unit_test(test_a_program_that_ignores_the_signal),
		cmocka_unit_test(test_a_program_that_handles_all_signals),
		cmocka_unit_test(test_a_program_that_waits_for_signals),
		cmocka_unit_test(test_a_waiter_that_blocks_signals_later),
		cmocka_unit_test(test_a_waiter_in_a_handler_of_the_signal),
		cmocka_unit_test(test_nothing_is_claimed_before_it_is_needed),
		cmocka_unit_test(test_a_program_that_forbids_signals),
		cmocka_unit_test(test_signals_that_cannot_be_chosen),
		cmocka_unit_test(test_a_process_without_descriptors),
		cmocka_unit_test(test_a_program_that_may_not_send_signals),
		cmocka_unit_test(test_a_signal_ends_the_wait_for_calls),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("wake", tests, NULL, NULL);
}
