/*
 * Options that are not just a number: lingering, the kernel's timeouts, the pending error,
 * keepalive.
 */
#include "support.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/time.h>

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

/* Whether the kernel got the whole time, and not what a time_t of 32 bits holds. */
static bool fits(int64_t time)
{
	return sizeof(time_t) >= sizeof time || time <= INT32_MAX * SECOND;
}

static void check_timeout(struct csock_socket *sock, getter get, setter set)
{
	static const int64_t times[] = {1, 999, 20 * MILLISECOND, 90 * SECOND, INT64_C(1) << 61};
	int64_t timeout = 77;

	assert_int_equal(get(sock, &timeout), 0);
	assert_true(timeout == CSOCK_NO_TIMEOUT);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		assert_int_equal(set(sock, times[i]), 0);
		assert_int_equal(get(sock, &timeout), 0);
		if (fits(times[i]))
			assert_true(timeout >= times[i] && timeout <= times[i] + TICKS);
		else /* a kernel of 32 bits takes it for no limit */
			assert_true(timeout >= INT32_MAX * SECOND || timeout == CSOCK_NO_TIMEOUT);
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
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_set_recv_timeout(&a, 30 * MILLISECOND), 0);
	int64_t start = csock_clock();
	assert_errno(csock_recv(&a, &byte, 1, 0, CSOCK_NEVER), EAGAIN);
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
	if (csock_status_code(result) == EINPROGRESS) {
		for (int i = 0; i < 1000 && result != 0; i++)
			result = csock_take_error(sock) == 0 ? result : 0;
		assert_int_equal(result, 0);
	} else {
		assert_errno(result, ECONNREFUSED);
	}
	assert_int_equal(csock_take_error(sock), 0);
	assert_int_equal(csock_close(sock), 0);
	assert_errno(csock_take_error(sock), EBADF);
}

/* An unreachable port is told to a connected UDP socket. */
static void test_take_error_of_a_datagram(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 0);

	(void)state;
	assert_int_equal(csock_open(&a, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_open(&b, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(&b, &addr), 0);
	assert_int_equal(csock_getsockname(&b, &addr), 0);
	assert_int_equal(csock_close(&b), 0);
	assert_int_equal(csock_connect(&a, &addr, CSOCK_NEVER), 0);
	assert_int_equal(csock_send(&a, "x", 1, 0, CSOCK_NEVER), 1);
	int result = 0;
	for (int i = 0; i < 1000 && result == 0; i++)
		result = csock_take_error(&a);
	assert_errno(result, ECONNREFUSED);
	assert_int_equal(csock_take_error(&a), 0);
	assert_int_equal(csock_close(&a), 0);
}

static void assert_tcp(struct csock_socket *sock, int option, int expected)
{
	int64_t value = -1;

	assert_int_equal(csock_get_int(sock, IPPROTO_TCP, option, &value), 0);
	assert_int_equal(value, expected);
}

static void test_keepalive(void **state)
{
	const struct csock_keepalive all = {.idle = 60, .interval = 10, .probes = 3};
	const struct csock_keepalive one = {.interval = 20};
	const struct csock_keepalive wrong = {.idle = -5};
	struct csock_socket *sock = *state;
	int64_t value = -1;

	assert_errno(csock_set_keepalive(sock, &wrong), EINVAL);
	assert_int_equal(csock_get_int(sock, SOL_SOCKET, SO_KEEPALIVE, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(csock_set_keepalive(sock, &all), 0);
	assert_int_equal(csock_get_int(sock, SOL_SOCKET, SO_KEEPALIVE, &value), 0);
	assert_int_equal(value, 1);
	assert_int_equal(csock_set_keepalive(sock, &one), 0);
	assert_tcp(sock, TCP_KEEPIDLE, 60);
	assert_tcp(sock, TCP_KEEPINTVL, 20);
	assert_tcp(sock, TCP_KEEPCNT, 3);
	assert_int_equal(csock_set_keepalive(sock, NULL), 0);
	assert_int_equal(csock_get_int(sock, SOL_SOCKET, SO_KEEPALIVE, &value), 0);
	assert_int_equal(value, 0);
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
		assert_true(result == 0 || csock_status_code(result) == EBUSY);
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
		cmocka_unit_test(test_take_error_of_a_datagram),
		ON_INET(test_keepalive),
		ON_INET(test_threads_and_lingering),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
