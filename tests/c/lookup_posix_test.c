/*
 * Look-ups until a deadline: signals, threads that are cancelled, descriptors, and fork().
 */
#include "slow_resolver.h"

#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_a_failure_of_the_system(void **state)
{
	(void)state;
	answer_code = EAI_SYSTEM;
	let_answer();
	assert_errno(look_up(after(10 * CSOCK_SECOND)), EPERM);
}

static void test_signals_do_not_end_it(void **state)
{
	int64_t start = csock_clock();

	(void)state;
	interrupt_every(MILLISECOND);
	int status = look_up(after(5 * SHORT));
	interrupt_every(0);
	assert_domain(status, CSOCK_TIMEOUT);
	assert_true(csock_clock() - start >= 5 * SHORT);
	let_end(1);
}

static void *look_up_for_ever(void *arg)
{
	(void)look_up(after(1000 * CSOCK_SECOND));
	return arg;
}

static void test_a_thread_that_is_cancelled(void **state)
{
	pthread_t thread;
	void *result;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, look_up_for_ever, NULL), 0);
	wait_until_asked();
	assert_int_equal(pthread_cancel(thread), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_ptr_equal(result, PTHREAD_CANCELED);
	let_end(1);
}

static int look_up_without_descriptors(void)
{
	struct rlimit limit, none;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){.rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	int status = look_up(after(CSOCK_SECOND));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return status;
}

/*
 * In the child the parent's look-ups do not count. TSan lets it start no thread, so it comes just
 * before that.
 */
static void assert_child_may_ask(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		status = look_up_without_descriptors();
		_exit(csock_status_domain(status) == CSOCK_SYSTEM ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_a_child_has_given_up_none(void **state)
{
	(void)state;
	for (int i = 0; i < GIVEN_UP_MAX; i++)
		assert_domain(look_up(after(MILLISECOND)), CSOCK_TIMEOUT);
	assert_child_may_ask();
	let_end(GIVEN_UP_MAX);
}

static void test_no_descriptor_left(void **state)
{
	(void)state;
	assert_errno(look_up_without_descriptors(), EMFILE);
}

#define WITH_RESOLVER(test) cmocka_unit_test_setup(test, reset_resolver)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RESOLVER(test_a_failure_of_the_system),
		WITH_RESOLVER(test_signals_do_not_end_it),
		WITH_RESOLVER(test_a_thread_that_is_cancelled),
		WITH_RESOLVER(test_a_child_has_given_up_none),
		WITH_RESOLVER(test_no_descriptor_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
