/*
 * Calls that would block although poll() reports the socket as ready: they wait, and keep no
 * processor busy.
 */
#include "support.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#define WAIT (200 * MILLISECOND)

static bool machine_is_slow;
static int polls;

int __real_ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
		 const sigset_t *mask);
int __wrap_ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
		 const sigset_t *mask);

/* What the library calls in place of ppoll(): on a slow machine it takes that long. */
int __wrap_ppoll(struct pollfd *entries, nfds_t count, const struct timespec *timeout,
		 const sigset_t *mask)
{
	const int64_t end = csock_clock() + MILLISECOND / 10;

	polls++;
	while (machine_is_slow && csock_clock() < end)
		;
	return __real_ppoll(entries, count, timeout, mask);
}

/* How often a loop polls that pauses for 10 ms, and a little more often at first. */
static void assert_few_polls(void)
{
	assert_true(polls >= 1 && polls <= 150);
	polls = 0;
}

/* A socket whose own buffer has room, and an address whose receiver has none. */
static void open_full_receiver(struct csock_socket *sender, struct csock_socket *receiver,
			       struct csock_addr *addr)
{
	struct csock_addr any;
	ssize_t n;

	assert_int_equal(csock_addr_unix(&any, "", 0), 0);
	*sender = *receiver = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_open(receiver, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(receiver, &any), 0);
	assert_int_equal(csock_getsockname(receiver, addr), 0);
	assert_int_equal(csock_open(sender, AF_UNIX, SOCK_DGRAM, 0), 0);
	do
		n = csock_sendto(sender, "x", 1, 0, addr, CSOCK_NOW);
	while (n == 1);
	assert_errno(n, EAGAIN);
}

static void test_a_full_receiver(void **state)
{
	struct csock_socket sender, receiver;
	struct csock_addr addr;
	char byte;

	(void)state;
	open_full_receiver(&sender, &receiver, &addr);
	for (int slow = 0; slow < 2; slow++) {
		machine_is_slow = slow;
		int64_t deadline = csock_deadline_after(WAIT);
		assert_domain(csock_sendto(&sender, "x", 1, 0, &addr, deadline), CSOCK_TIMEOUT);
		assert_true(csock_clock() >= deadline);
		assert_few_polls();
	}
	machine_is_slow = false;
	assert_int_equal(csock_recv(&receiver, &byte, 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_sendto(&sender, "x", 1, 0, &addr, CSOCK_NOW), 1);
	assert_int_equal(csock_close(&sender), 0);
	assert_int_equal(csock_close(&receiver), 0);
}

/* Data is no news of the error queue. */
static void test_the_error_queue(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr addr = host_address(AF_INET, "127.0.0.1", 0);
	char bytes[8];

	(void)state;
	assert_int_equal(csock_open(&a, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), 0);
	assert_int_equal(csock_bind(&a, &addr), 0);
	assert_int_equal(csock_getsockname(&a, &addr), 0);
	assert_int_equal(csock_open(&b, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_sendto(&b, "data", 4, 0, &addr, CSOCK_NEVER), 4);
	int64_t deadline = csock_deadline_after(WAIT);
	assert_domain(csock_recv(&a, bytes, sizeof bytes, MSG_ERRQUEUE, deadline), CSOCK_TIMEOUT);
	assert_true(csock_clock() >= deadline);
	assert_few_polls();
	assert_int_equal(csock_recv(&a, bytes, sizeof bytes, 0, CSOCK_NOW), 4);
	assert_int_equal(csock_close(&a), 0);
	assert_int_equal(csock_close(&b), 0);
}

/* connect() cannot begin while the backlog is full, in either mode of the socket. */
static void test_a_full_backlog(void **state)
{
	struct csock_socket listener = CSOCK_SOCKET_INIT, clients[2] = {0},
			    server = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	assert_int_equal(csock_addr_unix(&addr, "", 0), 0);
	assert_int_equal(csock_open(&listener, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_bind(&listener, &addr), 0);
	assert_int_equal(csock_listen(&listener, 0), 0);
	assert_int_equal(csock_getsockname(&listener, &addr), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_open(&clients[i], AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_connect(&clients[0], &addr, CSOCK_NOW), 0);
	for (int blocking = 0; blocking < 2; blocking++) {
		assert_int_equal(csock_set_blocking(&clients[1], blocking), 0);
		assert_errno(csock_connect(&clients[1], &addr, CSOCK_NOW), EAGAIN);
		int64_t deadline = csock_deadline_after(WAIT);
		assert_domain(csock_connect(&clients[1], &addr, deadline), CSOCK_TIMEOUT);
		assert_true(csock_clock() >= deadline);
		assert_few_polls();
	}
	assert_int_equal(csock_accept(&listener, &server, NULL, 0, CSOCK_NEVER), 0);
	assert_int_equal(csock_connect(&clients[1], &addr, csock_deadline_after(WAIT)), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_close(&clients[i]), 0);
	assert_int_equal(csock_close(&server), 0);
	assert_int_equal(csock_close(&listener), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_full_receiver),
		cmocka_unit_test(test_the_error_queue),
		cmocka_unit_test(test_a_full_backlog),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
