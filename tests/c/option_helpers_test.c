/*
 * Options that are not just a number: lingering, the kernel's timeouts, the pending error,
 * keepalive.
 */
#include "support.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>

#define SECOND (1000 * MILLISECOND)

/* The kernel rounds up to its clock tick, 10 ms at most, and to one more. */
#define TICKS (20 * MILLISECOND)

#define ROUNDS 2000

static int open_inet(void **state)
{
	static struct csock_socket sock;

	sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	*state = &sock;
	return csock_open(&sock, AF_INET, SOCK_STREAM, 0);
}

static int close_inet(void **state)
{
	return csock_close(*state);
}

static void test_linger(void **state)
{
	static const int times[] = {0, 1, 32767, CSOCK_LINGER_OFF};
	struct csock_socket *sock = *state;
	int seconds = 77;

	assert_int_equal(csock_get_linger(sock, &seconds), 0);
	assert_int_equal(seconds, CSOCK_LINGER_OFF);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		assert_int_equal(csock_set_linger(sock, times[i]), 0);
		assert_int_equal(csock_get_linger(sock, &seconds), 0);
		assert_int_equal(seconds, times[i]);
	}
	assert_refused(csock_set_linger(sock, -2), CSOCK_REFUSED_RANGE, 0);
	assert_refused(csock_set_linger(sock, INT_MIN), CSOCK_REFUSED_RANGE, 0);
	assert_true(csock_close_may_wait(sock));
}

typedef int (*getter)(struct csock_socket *sock, int64_t *timeout);
typedef int (*setter)(struct csock_socket *sock, int64_t timeout);

static void check_timeout(struct csock_socket *sock, getter get, setter set)
{
	static const int64_t times[] = {1, 999, 20 * MILLISECOND, 90 * SECOND, INT64_C(1) << 61};
	int64_t timeout = 77;

	assert_int_equal(get(sock, &timeout), 0);
	assert_true(timeout == CSOCK_NO_TIMEOUT);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		assert_int_equal(set(sock, times[i]), 0);
		assert_int_equal(get(sock, &timeout), 0);
		if (times[i] <= kernel_limit_max)
			assert_true(timeout >= times[i] && timeout <= times[i] + TICKS);
		else /* a kernel of 32 bits takes it for no limit */
			assert_true(timeout >= kernel_limit_max || timeout == CSOCK_NO_TIMEOUT);
	}
	assert_refused(set(sock, 0), CSOCK_REFUSED_RANGE, 0);
	assert_refused(set(sock, -2), CSOCK_REFUSED_RANGE, 0);
	assert_refused(set(sock, INT64_MIN), CSOCK_REFUSED_RANGE, 0);
	assert_int_equal(set(sock, INT64_MAX), 0);
	assert_int_equal(set(sock, CSOCK_NO_TIMEOUT), 0);
	assert_int_equal(get(sock, &timeout), 0);
	assert_true(timeout == CSOCK_NO_TIMEOUT);
}

static void test_timeouts(void **state)
{
	struct csock_socket *sock = *state;
	int64_t other = 0;

	check_timeout(sock, csock_get_recv_timeout, csock_set_recv_timeout);
	assert_int_equal(csock_set_recv_timeout(sock, SECOND), 0);
	check_timeout(sock, csock_get_send_timeout, csock_set_send_timeout);
	assert_int_equal(csock_get_recv_timeout(sock, &other), 0);
	assert_true(other == SECOND);
}

/* The kernel keeps it, to its clock tick. */
static void test_a_timeout_is_kept(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	char byte;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, pair_family(), SOCK_STREAM, 0), 0);
	assert_int_equal(csock_set_recv_timeout(&a, 30 * MILLISECOND), 0);
	int64_t start = csock_clock();
	assert_errno(csock_recv(&a, &byte, 1, 0, CSOCK_NEVER), kernel_limit_error);
	assert_true(csock_clock() - start >= 30 * MILLISECOND);
	assert_int_equal(csock_close(&a), 0);
	assert_int_equal(csock_close(&b), 0);
}

static void test_take_error(void **state)
{
	struct csock_socket *sock = *state, listener;
	struct csock_addr addr;

	assert_int_equal(csock_take_error(sock), 0);
	/* A port on which nobody listens any more. */
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_close(&listener), 0);
	assert_int_equal(csock_set_blocking(sock, false), 0);
	int result = csock_connect(sock, &addr, CSOCK_NOW);
	if (csock_status_is(result, EINPROGRESS)) {
		int events = csock_wait(sock, POLLOUT, csock_deadline_after(9 * SECOND));
		assert_true((events & (POLLERR | POLLHUP)) != 0);
		result = csock_take_error(sock);
	}
	assert_errno(result, ECONNREFUSED);
	assert_int_equal(csock_close(sock), 0);
	assert_errno(csock_take_error(sock), EBADF);
}

static bool keeps_alive(struct csock_socket *sock)
{
	int64_t value = -1;

	assert_int_equal(csock_get_int(sock, SOL_SOCKET, SO_KEEPALIVE, &value), 0);
	return value != 0;
}

static void test_keepalive(void **state)
{
	const struct csock_keepalive times = {.idle = 60, .interval = 10}, wrong = {.idle = -5};
	struct csock_socket *sock = *state;

	assert_errno(csock_set_keepalive(sock, &wrong), EINVAL);
	assert_false(keeps_alive(sock));
	assert_int_equal(csock_set_keepalive(sock, &times), 0);
	assert_true(keeps_alive(sock));
	assert_int_equal(csock_set_keepalive(sock, NULL), 0);
	assert_false(keeps_alive(sock));
	assert_int_equal(csock_set_keepalive(sock, &(struct csock_keepalive){0}), 0);
	assert_true(keeps_alive(sock));
}

static void *linger_in_thread(void *sock)
{
	for (int i = 0; i < ROUNDS; i++)
		(void)csock_set_linger(sock, 1);
	return NULL;
}

/* One thread sets SO_LINGER, while others ask whether closing waits, accept, and open again. */
static void test_threads_and_lingering(void **state)
{
	struct csock_socket *sock = *state;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, linger_in_thread, sock), 0);
	for (int i = 0; i < ROUNDS; i++) {
		(void)csock_close_may_wait(sock);
		/* On a busy machine the other thread may be inside for long. */
		assert_int_equal(csock_close_wait(sock, CSOCK_NEVER), 0);
		int result = csock_open(sock, AF_INET, SOCK_STREAM, 0);
		assert_true(result == 0 || csock_status_is(result, EBUSY));
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	/* What a former descriptor had does not count for the next. */
	assert_int_equal(csock_close(sock), 0);
	assert_int_equal(csock_open(sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_false(csock_close_may_wait(sock));
}

#define ON_INET(test) cmocka_unit_test_setup_teardown(test, open_inet, close_inet)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_INET(test_linger),
		ON_INET(test_timeouts),
		cmocka_unit_test(test_a_timeout_is_kept),
		ON_INET(test_take_error),
		ON_INET(test_keepalive),
		ON_INET(test_threads_and_lingering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
