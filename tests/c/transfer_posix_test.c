/*
 * Sending and receiving among signals, and sending files.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define MANY (8 * 1024 * 1024)

static void test_the_kernels_own_limit_holds(void **state)
{
	struct streams *pair = *state;
	const struct timeval limit = {.tv_usec = 20000};
	char buffer[1];

	assert_int_equal(csock_setsockopt(&pair->a, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit),
			 0);
	assert_errno(csock_recv(&pair->a, buffer, 1, 0, CSOCK_NEVER), EAGAIN);
}

static unsigned char byte_at(size_t i)
{
	return (unsigned char)(i * 2654435761U >> 24);
}

static void *receive_all(void *arg)
{
	struct csock_socket *sock = arg;
	static unsigned char buffer[65536];
	size_t received = 0, wrong = 0;
	ssize_t n;

	while ((n = csock_recv(sock, buffer, sizeof buffer, 0, CSOCK_NEVER)) != 0) {
		if (n < 0 && csock_status_domain(n) == CSOCK_INTERRUPTED)
			continue;
		if (n < 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			wrong += buffer[i] != byte_at(received + (size_t)i);
		received += (size_t)n;
	}
	return (void *)(uintptr_t)(wrong ? 0 : received);
}

static void send_all_in_a_storm(struct streams *pair, int64_t deadline)
{
	unsigned char *data = malloc(MANY);
	pthread_t receiver;
	void *received;
	size_t sent = 0;
	int status;

	assert_non_null(data);
	for (size_t i = 0; i < MANY; i++)
		data[i] = byte_at(i);
	assert_int_equal(pthread_create(&receiver, NULL, receive_all, &pair->b), 0);
	interrupt_every(MILLISECOND / 2);
	do {
		status = csock_send_all(&pair->a, data, MANY, 0, &sent, deadline);
	} while (csock_status_domain(status) == CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_int_equal(status, 0);
	assert_int_equal(sent, MANY);
	assert_int_equal(csock_shutdown(&pair->a, SHUT_WR), 0);
	assert_int_equal(pthread_join(receiver, &received), 0);
	assert_int_equal((uintptr_t)received, MANY);
	free(data);
}

static void test_a_storm_loses_and_repeats_nothing(void **state)
{
	send_all_in_a_storm(*state, CSOCK_NEVER);
}

static void test_a_storm_with_a_deadline(void **state)
{
	struct streams *pair = *state;

	assert_int_equal(csock_set_blocking(&pair->a, false), 0);
	send_all_in_a_storm(pair, csock_deadline_after(20000 * MILLISECOND));
}

static void test_files(void **state)
{
	struct streams *pair = *state;
	char name[] = "/tmp/csocket-test-XXXXXX", buffer[16];
	int file = mkstemp(name);
	int64_t offset = 2;

	assert_true(file >= 0);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(write(file, "0123456789", 10), 10);
	assert_int_equal(csock_send_file(&pair->a, file, &offset, 4, CSOCK_NEVER), 4);
	assert_int_equal(offset, 6);
	assert_int_equal(csock_send_file(&pair->a, file, &offset, 100, CSOCK_NEVER), 4);
	assert_int_equal(csock_send_file(&pair->a, file, &offset, 100, CSOCK_NEVER), 0);
	assert_int_equal(csock_recv(&pair->b, buffer, sizeof buffer, 0, CSOCK_NEVER), 8);
	assert_memory_equal(buffer, "23456789", 8);
	assert_errno(csock_send_file(&pair->a, 9999, &offset, 4, CSOCK_NEVER), EBADF);
	close(file);
}

/* In blocking mode a call with a deadline waits for room before it sends. */
static void test_files_in_blocking_mode(void **state)
{
	struct streams *pair = *state;
	char name[] = "/tmp/csocket-test-XXXXXX";
	int file = mkstemp(name);
	int64_t offset = 0;

	assert_true(file >= 0);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(write(file, "0123456789", 10), 10);
	assert_int_equal(csock_send_file(&pair->a, file, &offset, 4, CSOCK_NOW), 4);
	int64_t deadline = csock_deadline_after(9000 * MILLISECOND);
	assert_int_equal(csock_send_file(&pair->a, file, &offset, 4, deadline), 4);
	while (csock_send(&pair->a, name, sizeof name, 0, CSOCK_NOW) > 0)
		;
	/* A watchdog, in case a call waits for the kernel. */
	interrupt_every(9000 * MILLISECOND);
	assert_errno(csock_send_file(&pair->a, file, &offset, 2, CSOCK_NOW), EAGAIN);
	deadline = csock_deadline_after(30 * MILLISECOND);
	assert_domain(csock_send_file(&pair->a, file, &offset, 2, deadline), CSOCK_TIMEOUT);
	interrupt_every(0);
	assert_true(csock_clock() >= deadline);
	assert_int_equal(offset, 8);
	close(file);
}

static void test_signals_do_not_move_the_deadline(void **state)
{
	struct streams *pair = *state;
	int64_t deadline = csock_deadline_after(100 * MILLISECOND);
	int signals = 0;
	char byte;
	ssize_t n;

	interrupt_every(MILLISECOND);
	do {
		n = csock_recv(&pair->a, &byte, 1, 0, deadline);
	} while (csock_status_domain(n) == CSOCK_INTERRUPTED && ++signals < 10000);
	interrupt_every(0);
	int64_t late = csock_clock() - deadline;
	assert_domain(n, CSOCK_TIMEOUT);
	assert_true(signals > 0);
	assert_true(late >= 0 && late < 5000 * MILLISECOND);
}

/* The kernel reports a signal by sending less. The call must return then, and not wait on. */
static void test_send_all_tells_of_a_signal(void **state)
{
	struct streams *pair = *state;
	static char data[4 << 20];
	size_t sent = 0;

	interrupt_every(20 * MILLISECOND);
	assert_domain(csock_send_all(&pair->a, data, sizeof data, 0, &sent, CSOCK_NEVER),
		      CSOCK_INTERRUPTED);
	assert_true(sent > 0 && sent < sizeof data);
	size_t part = sent;
	assert_domain(csock_send_all(&pair->a, data, sizeof data, 0, &sent, CSOCK_NEVER),
		      CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_int_equal(sent, part);
}

/* The peer reads nothing: the kernel gives up at last, and the call fails. */
static void test_the_kernels_own_limit_ends_send_all(void **state)
{
	struct streams *pair = *state;
	const struct timeval limit = {.tv_usec = 20000};
	static char data[4 << 20];
	size_t sent = 0;
	int status, rounds = 0;

	assert_int_equal(csock_setsockopt(&pair->a, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit),
			 0);
	do {
		status = csock_send_all(&pair->a, data, sizeof data, 0, &sent, CSOCK_NEVER);
	} while (csock_status_domain(status) == CSOCK_INTERRUPTED && ++rounds < 10);
	assert_errno(status, EAGAIN);
	assert_true(sent > 0 && sent < sizeof data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_kernels_own_limit_holds, open_streams,
						close_streams),
		cmocka_unit_test_setup_teardown(test_a_storm_loses_and_repeats_nothing,
						open_streams, close_streams),
		cmocka_unit_test_setup_teardown(test_a_storm_with_a_deadline, open_streams,
						close_streams),
		cmocka_unit_test_setup_teardown(test_files, open_streams, close_streams),
		cmocka_unit_test_setup_teardown(test_files_in_blocking_mode, open_streams,
						close_streams),
		cmocka_unit_test_setup_teardown(test_signals_do_not_move_the_deadline, open_streams,
						close_streams),
		cmocka_unit_test_setup_teardown(test_send_all_tells_of_a_signal, open_streams,
						close_streams),
		cmocka_unit_test_setup_teardown(test_the_kernels_own_limit_ends_send_all,
						open_streams, close_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
