/*
 * Look-ups until a deadline, over a resolver that answers when the test lets it.
 */
#include "slow_resolver.h"

static void test_an_answer_in_time(void **state)
{
	int before = count_descriptors();

	(void)state;
	let_answer();
	assert_int_equal(look_up(after(10 * CSOCK_SECOND)), 0);
	assert_int_equal(count_freed(), 1);
	assert_int_equal(count_descriptors(), before);
}

static void test_failures(void **state)
{
	(void)state;
	answer_code = EAI_NONAME;
	let_answer();
	int status = look_up(after(10 * CSOCK_SECOND));
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_NONAME);
}

static void test_no_answer(void **state)
{
	struct csock_addr addr;
	int64_t start = csock_clock();

	(void)state;
	assert_domain(look_up(after(SHORT)), CSOCK_TIMEOUT);
	assert_domain(csock_resolve_host("slow.example", AF_INET, after(SHORT), &addr),
		      CSOCK_TIMEOUT);
	assert_domain(look_up(start), CSOCK_TIMEOUT);
	assert_true(csock_clock() - start >= 2 * SHORT);
	let_end(3);
}

static void test_one_deadline_for_all(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	(void)state;
	assert_domain(csock_connect_to(&sock, "slow.example", "80", after(SHORT)), CSOCK_TIMEOUT);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	let_end(1);
}

static void test_the_bound(void **state)
{
	(void)state;
	for (int i = 0; i < GIVEN_UP_MAX; i++)
		assert_domain(look_up(after(MILLISECOND)), CSOCK_TIMEOUT);
	int status = look_up(after(CSOCK_SECOND));
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_AGAIN);
	let_end(GIVEN_UP_MAX);
	let_answer();
	assert_int_equal(look_up(after(10 * CSOCK_SECOND)), 0);
}

#define WITH_RESOLVER(test) cmocka_unit_test_setup(test, reset_resolver)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RESOLVER(test_an_answer_in_time), WITH_RESOLVER(test_failures),
		WITH_RESOLVER(test_no_answer),         WITH_RESOLVER(test_one_deadline_for_all),
		WITH_RESOLVER(test_the_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
