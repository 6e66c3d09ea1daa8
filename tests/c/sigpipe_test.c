/*
 * Sending on a broken connection: EPIPE, and the signal only for programs that ask for it.
 */
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static int file;

static ssize_t send_bytes(struct csock_socket *sock)
{
	return csock_send(sock, "x", 1, 0, CSOCK_NEVER);
}

static ssize_t send_all_bytes(struct csock_socket *sock)
{
	size_t sent = 0;

	return csock_send_all(sock, "x", 1, 0, &sent, CSOCK_NEVER);
}

static ssize_t send_message(struct csock_socket *sock)
{
	char byte = 'x';
	const struct csock_buffer buffer = {&byte, 1};

	return csock_sendmsg(sock, &buffer, 1, NULL, 0, 0, NULL, CSOCK_NEVER);
}

static ssize_t send_messages(struct csock_socket *sock)
{
	char byte = 'x';
	const struct csock_buffer buffer = {&byte, 1};
	const struct csock_outgoing messages[] = {{.buffers = &buffer, .count = 1}};

	return csock_sendmmsg(sock, messages, 1, 0, CSOCK_NEVER);
}

static ssize_t send_segments(struct csock_socket *sock)
{
	return csock_send_segments(sock, "xy", 2, 1, 0, NULL, CSOCK_NEVER);
}

static ssize_t send_file(struct csock_socket *sock)
{
	int64_t offset = 0;

	return csock_send_file(sock, file, &offset, 1, CSOCK_NEVER);
}

static struct {
	ssize_t (*send)(struct csock_socket *sock);
	int type;
} const calls[] = {
	{send_bytes, SOCK_STREAM},       {send_all_bytes, SOCK_STREAM},
	{send_message, SOCK_STREAM},     {send_messages, SOCK_SEQPACKET},
	{send_segments, SOCK_SEQPACKET}, {send_file, SOCK_STREAM},
};

#define CALLS (sizeof calls / sizeof *calls)

/* The kernel raises the signal for streams only. */
#define SIGNALS 4

/* Makes each call on a socket whose peer is gone. */
static void assert_broken(void)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;

	for (size_t i = 0; i < CALLS; i++) {
		assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, calls[i].type, 0), 0);
		assert_int_equal(csock_close(&b), 0);
		assert_errno(calls[i].send(&a), EPIPE);
		assert_int_equal(csock_close(&a), 0);
	}
}

static int prepare(void **state)
{
	char name[] = "/tmp/csocket-sigpipe-XXXXXX";
	const struct sigaction action = {.sa_handler = count_signal};

	(void)state;
	signals = 0;
	file = mkstemp(name);
	bool is_written = file >= 0 && write(file, "x", 1) == 1;
	return is_written && unlink(name) == 0 && sigaction(SIGPIPE, &action, NULL) == 0 ? 0 : -1;
}

static int finish(void **state)
{
	(void)state;
	csock_set_sigpipe(false);
	return close(file);
}

static void test_no_signal(void **state)
{
	(void)state;
	assert_broken();
	assert_int_equal(signals, 0);
}

static void test_a_program_that_wants_the_signal(void **state)
{
	(void)state;
	csock_set_sigpipe(true);
	assert_broken();
	assert_int_equal(signals, SIGNALS);
}

static bool is_pending(void)
{
	sigset_t pending;

	assert_int_equal(sigpending(&pending), 0);
	return sigismember(&pending, SIGPIPE) == 1;
}

/* The thread's mask, and a signal that was pending before, stay as they were. */
static void test_a_program_that_blocks_the_signal(void **state)
{
	sigset_t set, former, now;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &set, &former), 0);
	assert_broken();
	assert_false(is_pending());
	assert_int_equal(raise(SIGPIPE), 0);
	assert_broken();
	assert_true(is_pending());
	assert_int_equal(pthread_sigmask(SIG_SETMASK, &former, &now), 0);
	assert_int_equal(sigismember(&now, SIGPIPE), 1);
	assert_int_equal(signals, 1);
}

#define WITH_HANDLER(test) cmocka_unit_test_setup_teardown(test, prepare, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_HANDLER(test_no_signal),
		WITH_HANDLER(test_a_program_that_wants_the_signal),
		WITH_HANDLER(test_a_program_that_blocks_the_signal),
	};

	return cmocka_run_group_tests_name("sigpipe", tests, NULL, NULL);
}
