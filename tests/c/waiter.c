/*
 * Calls that wait until their socket is closed, for the tests that close it.
 */
#include "waiter.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

/* A call that nothing ends goes on for so long. */
#define PATIENCE (9000 * MILLISECOND)

static int64_t deadline_of(enum kind kind)
{
	return kind % 2 ? csock_deadline_after(PATIENCE) : CSOCK_NEVER;
}

ssize_t make_call(struct waiter *waiter)
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

void *wait_for_close(void *arg)
{
	struct waiter *waiter = arg;
	sigset_t all;

	sigfillset(&all);
	if (waiter->blocks_signals)
		pthread_sigmask(SIG_BLOCK, &all, NULL);
	waiter->result = make_call(waiter);
	if (waiter->blocks_signals)
		waiter->pending = take_signals(&all);
	return NULL;
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

static void open_with_peer(struct waiter *waiter)
{
	assert_int_equal(csock_open_pair(&waiter->sock, &waiter->peer, AF_UNIX, SOCK_STREAM, 0), 0);
}

void prepare_waiter(struct waiter *waiter, enum kind kind)
{
	*waiter = (struct waiter){.kind = kind};
	switch (kind) {
	case RECV:
	case RECV_UNTIL:
		open_with_peer(waiter);
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
		open_with_peer(waiter);
		fill_buffer(&waiter->sock);
		break;
	}
}

void start_waiter(struct waiter *waiter, bool blocks_signals)
{
	waiter->blocks_signals = blocks_signals;
	assert_int_equal(pthread_create(&waiter->thread, NULL, wait_for_close, waiter), 0);
	pause_for(20 * MILLISECOND);
}

void release_waiter(struct waiter *waiter)
{
	assert_int_equal(csock_close(&waiter->peer), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(csock_close(&waiter->queue[i]), 0);
}

void close_and_join(struct waiter *waiter)
{
	int64_t began = csock_clock();
	int status = csock_close_wait(&waiter->sock, csock_deadline_after(PATIENCE / 2));

	assert_int_equal(status, 0);
	assert_true(csock_clock() - began < PATIENCE / 2);
	assert_int_equal(pthread_join(waiter->thread, NULL), 0);
	assert_errno(waiter->result, EBADF);
	assert_int_equal(waiter->pending, 0);
	release_waiter(waiter);
}

void assert_closing_wakes(bool blocks_signals)
{
	int before = count_descriptors();
	struct waiter waiter;

	for (enum kind kind = 0; kind < KINDS; kind++) {
		prepare_waiter(&waiter, kind);
		start_waiter(&waiter, blocks_signals);
		close_and_join(&waiter);
	}
	assert_int_equal(count_descriptors(), before);
}

void handle_signals(int first, int last, void (*action)(int))
{
	const struct sigaction new = {.sa_handler = action};

	for (int number = first; number <= last; number++)
		assert_int_equal(sigaction(number, &new, NULL), 0);
}
