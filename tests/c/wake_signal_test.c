/*
 * The signal that wakes calls, in programs that use signals themselves.
 */
#include "waiter.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void test_a_program_without_handlers(void **state)
{
	(void)state;
	assert_closing_wakes(false);
}

static void on_signal(int number)
{
	(void)number;
}

static void (*action_of(int number))(int)
{
	struct sigaction now;

	assert_int_equal(sigaction(number, NULL, &now), 0);
	return now.sa_handler;
}

static void assert_closing_wakes_in_spite_of(void (*action)(int))
{
	handle_signals(SIGURG, SIGURG, action);
	assert_closing_wakes(false);
	bool is_the_programs = action_of(SIGURG) == action;
	handle_signals(SIGURG, SIGURG, SIG_DFL);
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
	handle_signals(SIGRTMIN, SIGRTMAX, on_signal);
	assert_closing_wakes_in_spite_of(on_signal);
	handle_signals(SIGRTMIN, SIGRTMAX, SIG_DFL);
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
	prepare_waiter(&waiter, RECV);
	start_waiter(&waiter, true);
	assert_int_equal(kill(getpid(), SIGURG), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(taken_by_sigwait, SIGURG);
	close_and_join(&waiter);
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &former, NULL), 0);
}

/* The signal stays the program's until a call has to be ended by it. */
static void test_nothing_is_claimed_before_it_is_needed(void **state)
{
	struct waiter waiter;

	(void)state;
	assert_int_equal(csock_wake_signal(SIGUSR1), 0);
	prepare_waiter(&waiter, RECV);
	start_waiter(&waiter, true);
	assert_true(action_of(SIGUSR1) == SIG_DFL);
	close_and_join(&waiter);
	assert_true(action_of(SIGUSR1) == SIG_DFL);
	prepare_waiter(&waiter, RECV);
	start_waiter(&waiter, false);
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

/* A signal ends the wait for calls that do not end, and the wait can go on. */
static void test_a_signal_ends_the_wait_for_calls(void **state)
{
	struct waiter waiter;

	(void)state;
	prepare_waiter(&waiter, RECV);
	start_waiter(&waiter, false);
	handle_signals(SIGURG, SIGURG, on_signal);
	interrupt_every(30 * MILLISECOND);
	assert_domain(csock_close_wait(&waiter.sock, CSOCK_NEVER), CSOCK_INTERRUPTED);
	interrupt_every(0);
	handle_signals(SIGALRM, SIGALRM, SIG_DFL);
	alarm(50);
	handle_signals(SIGURG, SIGURG, SIG_DFL);
	close_and_join(&waiter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_program_without_handlers),
		cmocka_unit_test(test_a_program_that_handles_the_signal),
		cmocka_unit_test(test_a_program_that_ignores_the_signal),
		cmocka_unit_test(test_a_program_that_handles_all_signals),
		cmocka_unit_test(test_a_program_that_waits_for_signals),
		cmocka_unit_test(test_nothing_is_claimed_before_it_is_needed),
		cmocka_unit_test(test_a_program_that_forbids_signals),
		cmocka_unit_test(test_signals_that_cannot_be_chosen),
		cmocka_unit_test(test_a_signal_ends_the_wait_for_calls),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("wake_signal", tests, NULL, NULL);
}
