/* SPDX-License-Identifier: MIT */
/*
 * Connecting to several addresses at a time (RFC 8305).
 */
#include "support.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "resolution.h"

#define SHORT (20 * MILLISECOND)
/* No test waits for so long, unless something is wrong. */
#define LONG (20000 * MILLISECOND)

static struct csock_socket sock, good, full, waiting[2];
static int before;

/* A result for the address of a listener, or for another address with its port. */
static struct csock_resolved result_at(const struct csock_socket *listener)
{
	struct csock_resolved result = {.family = listener->family, .type = SOCK_STREAM};

	assert_int_equal(csock_getsockname((struct csock_socket *)listener, &result.addr), 0);
	return result;
}

static void listen_at(struct csock_socket *listener, const char *host, int backlog)
{
	const struct csock_listen_options options = {.backlog = backlog};

	assert_int_equal(csock_listen_on(listener, host, NULL, &options, CSOCK_NOW), 0);
}

/* Connects two clients, for which the backlog of 1 has room. */
static void fill(const struct csock_socket *listener, struct csock_socket clients[2])
{
	const struct csock_resolved result = result_at(listener);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_open(&clients[i], result.family, SOCK_STREAM, 0), 0);
		assert_int_equal(csock_connect(&clients[i], &result.addr, CSOCK_NEVER), 0);
	}
}

/* good lets connections in; full does not answer, because its backlog has no room. */
static int set_up(void **state)
{
	(void)state;
	before = count_descriptors();
	listen_at(&good, "::1", 0);
	listen_at(&full, "127.0.0.1", 1);
	fill(&full, waiting);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_close(&good), 0);
	assert_int_equal(csock_close(&full), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_close(&waiting[i]), 0);
	assert_int_equal(count_descriptors(), before);
	return 0;
}

/* An address that refuses connections. */
static struct csock_resolved refused(void)
{
	struct csock_socket listener = CSOCK_SOCKET_INIT;

	listen_at(&listener, "127.0.0.1", 0);
	const struct csock_resolved result = result_at(&listener);
	assert_int_equal(csock_close(&listener), 0);
	return result;
}

/* A resolution with these results. */
static struct csock_resolution *resolution_of(const struct csock_resolved *results, size_t count)
{
	struct csock_resolution *made = NULL;

	assert_int_equal(csock_resolve("127.0.0.1", "1", NULL, CSOCK_NOW, &made), 0);
	assert_true(count <= CSI_NUMERIC_MAX);
	memcpy(made->results, results, count * sizeof *results);
	made->count = made->left = count;
	return made;
}

#define RESOLUTION(...)                                                                            \
	resolution_of((const struct csock_resolved[]){__VA_ARGS__},                                \
		      sizeof((const struct csock_resolved[]){__VA_ARGS__}) /                       \
			      sizeof(struct csock_resolved))

static int64_t soon(void)
{
	return csock_deadline_after(LONG);
}

static void expect_good(void)
{
	struct csock_socket connection = CSOCK_SOCKET_INIT;

	assert_int_equal(sock.family, AF_INET6);
	assert_int_equal(csock_accept(&good, &connection, NULL, 0, soon()), 0);
	assert_int_equal(csock_close(&connection), 0);
	/* The losers are closed. */
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(count_descriptors(), before + 4);
}

static void test_a_dead_address_costs_a_delay(void **state)
{
	struct csock_resolution *resolution = RESOLUTION(result_at(&full), result_at(&good));
	int64_t start = csock_clock();

	(void)state;
	assert_int_equal(csock_connect_any(&sock, resolution, SHORT, soon()), 0);
	assert_true(csock_clock() - start >= SHORT);
	expect_good();
	assert_null(csock_resolution_next(resolution));
	csock_resolution_free(resolution);
}

static void test_a_failure_costs_nothing(void **state)
{
	struct csock_resolution *resolution = RESOLUTION(refused(), result_at(&good));
	int64_t deadline = csock_deadline_after(LONG / 2);

	(void)state;
	assert_int_equal(csock_connect_any(&sock, resolution, LONG, deadline), 0);
	expect_good();
	csock_resolution_free(resolution);
}

/* The only address of the other family is the second one, and not the third one. */
static void test_families_take_turns(void **state)
{
	struct csock_resolution *resolution =
		RESOLUTION(result_at(&full), result_at(&full), result_at(&good));
	int64_t delay = 1000 * MILLISECOND;
	int64_t deadline = csock_deadline_after(2 * delay - 100 * MILLISECOND);

	(void)state;
	assert_int_equal(csock_connect_any(&sock, resolution, delay, deadline), 0);
	expect_good();
	csock_resolution_free(resolution);
}

static void test_all_fail(void **state)
{
	struct csock_resolution *resolution = RESOLUTION(refused(), refused());

	(void)state;
	assert_errno(csock_connect_any(&sock, resolution, SHORT, soon()), ECONNREFUSED);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	int status = csock_connect_any(&sock, resolution, SHORT, soon());
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_NONAME);
	csock_resolution_free(resolution);
}

static void test_the_time_is_over(void **state)
{
	struct csock_resolution *resolution = RESOLUTION(result_at(&full), result_at(&full));

	(void)state;
	assert_domain(csock_connect_any(&sock, resolution, SHORT, csock_deadline_after(3 * SHORT)),
		      CSOCK_TIMEOUT);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	assert_int_equal(count_descriptors(), before + 4);
	csock_resolution_free(resolution);
}

/* After a signal the attempts go on. */
static void test_interrupted(void **state)
{
	struct csock_resolution *resolution = RESOLUTION(result_at(&full), result_at(&full));

	(void)state;
	interrupt_every(5 * MILLISECOND);
	for (int i = 0; i < 2; i++) {
		assert_domain(csock_connect_any(&sock, resolution, SHORT / 10, soon()),
			      CSOCK_INTERRUPTED);
		assert_int_not_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	}
	interrupt_every(0);
	/* Whoever gives up then closes the socket, and frees the resolution. */
	csock_resolution_free(resolution);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(count_descriptors(), before + 4);
	/* EBUSY tells apart what is no attempt. */
	resolution = RESOLUTION(result_at(&good), result_at(&full));
	assert_int_equal(csock_connect_any(&sock, resolution, SHORT, soon()), 0);
	csock_resolution_free(resolution);
	resolution = RESOLUTION(result_at(&good), result_at(&full));
	assert_errno(csock_connect_any(&sock, resolution, SHORT, soon()), EBUSY);
	csock_resolution_free(resolution);
}

static void test_without_waiting(void **state)
{
	struct csock_resolution *resolution = RESOLUTION(result_at(&full), result_at(&good));
	const struct timespec pause = {.tv_nsec = SHORT};
	int status = csock_connect_any(&sock, resolution, SHORT, CSOCK_NOW);

	(void)state;
	assert_errno(status, EINPROGRESS);
	for (int i = 0; i < 100 && status < 0; i++) {
		assert_errno(status, EINPROGRESS);
		assert_int_equal(sock.family, AF_INET);
		nanosleep(&pause, NULL);
		status = csock_connect_any(&sock, resolution, SHORT, CSOCK_NOW);
	}
	assert_int_equal(status, 0);
	expect_good();
	csock_resolution_free(resolution);
}

static void *close_soon(void *arg)
{
	const struct timespec pause = {.tv_nsec = 3 * SHORT};

	nanosleep(&pause, NULL);
	(void)csock_close(arg);
	return NULL;
}

static void test_closed_meanwhile(void **state)
{
	struct csock_resolution *resolution = RESOLUTION(result_at(&full), result_at(&full));
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, close_soon, &sock), 0);
	assert_errno(csock_connect_any(&sock, resolution, SHORT, soon()), EBADF);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	assert_int_equal(count_descriptors(), before + 4);
	csock_resolution_free(resolution);
}

/* Waits until the caller's socket has another attempt in it, or the connection. */
static int wait_for_another(struct csock_resolution *resolution)
{
	const struct timespec pause = {.tv_nsec = SHORT};
	int status;

	do {
		nanosleep(&pause, NULL);
		status = csock_connect_any(&sock, resolution, 1, CSOCK_NOW);
	} while (status < 0 && csock_status_is(status, EINPROGRESS) && sock.family == AF_INET);
	return status;
}

/*
 * The attempt in the caller's socket ends by a reset, when the kernel asks again after a second.
 * The other one takes its place, and connects as soon as there is room.
 */
static void test_another_one_takes_the_place(void **state)
{
	struct csock_socket connection = CSOCK_SOCKET_INIT, fillers[2] = {{0}, {0}};

	(void)state;
	assert_int_equal(csock_close(&good), 0);
	listen_at(&good, "::1", 1);
	struct csock_resolution *resolution = RESOLUTION(result_at(&full), result_at(&good));
	fill(&good, fillers);
	assert_errno(csock_connect_any(&sock, resolution, 1, CSOCK_NOW), EINPROGRESS);
	assert_errno(csock_connect_any(&sock, resolution, 1, CSOCK_NOW), EINPROGRESS);
	assert_int_equal(csock_close(&full), 0);
	assert_errno(wait_for_another(resolution), EINPROGRESS);
	assert_int_equal(sock.family, AF_INET6);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(csock_accept(&good, &connection, NULL, 0, soon()), 0);
		assert_int_equal(csock_close(&connection), 0);
	}
	assert_int_equal(csock_connect_any(&sock, resolution, 1, soon()), 0);
	assert_int_equal(csock_send(&sock, "x", 1, 0, CSOCK_NEVER), 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_close(&fillers[i]), 0);
	csock_resolution_free(resolution);
}

int main(void)
{
#define RACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		RACE(test_a_dead_address_costs_a_delay),
		RACE(test_a_failure_costs_nothing),
		RACE(test_families_take_turns),
		RACE(test_all_fail),
		RACE(test_the_time_is_over),
		RACE(test_interrupted),
		RACE(test_without_waiting),
		RACE(test_closed_meanwhile),
		RACE(test_another_one_takes_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
