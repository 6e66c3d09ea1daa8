/*
 * Windows before 10 2004: WSAPoll() does not tell of a connection that has failed.
 */
#include "support.h"

#include <errno.h>

#define PATIENCE (20000 * MILLISECOND)

typedef int(WSAAPI *poll_function)(WSAPOLLFD *entries, ULONG count, INT milliseconds);

static poll_function real_poll;
static int failures_hidden;

/* The entries but those that have failed: the number of those that are ready. */
static int poll_as_before(WSAPOLLFD *entries, ULONG count)
{
	int ready = real_poll(entries, count, 0);

	for (ULONG i = 0; i < count; i++) {
		if (!(entries[i].revents & (POLLERR | POLLHUP)))
			continue;
		entries[i].revents = 0;
		ready--;
		failures_hidden++;
	}
	return ready;
}

/* What the library calls in place of WSAPoll(). */
int WSAAPI WSAPoll(WSAPOLLFD *entries, ULONG count, INT milliseconds)
{
	const int64_t end =
		milliseconds < 0 ? INT64_MAX : csock_clock() + milliseconds * MILLISECOND;
	int ready;

	while ((ready = poll_as_before(entries, count)) == 0 && csock_clock() < end)
		pause_for(MILLISECOND);
	return ready;
}

/* For headers that declare it as imported. */
extern void *const __imp_WSAPoll;
void *const __imp_WSAPoll = (void *)(uintptr_t)WSAPoll;

static int find_poll(void **state)
{
	HMODULE winsock = GetModuleHandleA("ws2_32.dll");

	(void)state;
	if (!winsock)
		return -1;
	real_poll = (poll_function)(void (*)(void))GetProcAddress(winsock, "WSAPoll");
	return real_poll ? 0 : -1;
}

/* A socket, and an address where nobody listens. */
static void open_for_refusal(struct csock_socket *sock, struct csock_addr *addr)
{
	struct csock_socket listener;

	open_listener(&listener, AF_INET, addr);
	assert_int_equal(csock_close(&listener), 0);
	*sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_open(sock, AF_INET, SOCK_STREAM, 0), 0);
	failures_hidden = 0;
}

static void test_connecting(void **state)
{
	struct csock_socket sock;
	struct csock_addr addr;

	(void)state;
	open_for_refusal(&sock, &addr);
	assert_errno(csock_connect(&sock, &addr, csock_deadline_after(PATIENCE)), ECONNREFUSED);
	assert_true(failures_hidden > 0);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_waiting_for_a_connection(void **state)
{
	struct csock_socket sock;
	struct csock_addr addr;

	(void)state;
	open_for_refusal(&sock, &addr);
	assert_errno(csock_connect(&sock, &addr, CSOCK_NOW), EINPROGRESS);
	assert_int_equal(csock_wait(&sock, POLLOUT, csock_deadline_after(PATIENCE)),
			 POLLOUT | POLLERR | POLLHUP);
	assert_true(failures_hidden > 0);
	assert_errno(csock_take_error(&sock), ECONNREFUSED);
	assert_int_equal(csock_close(&sock), 0);
}

/* What it tells besides. */
static void test_a_connection(void **state)
{
	struct csock_socket listener, sock = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_connect(&sock, &addr, csock_deadline_after(PATIENCE)), 0);
	assert_int_equal(csock_wait(&sock, POLLOUT, CSOCK_NOW), POLLOUT);
	assert_domain(csock_wait(&listener, POLLOUT, csock_deadline_after(60 * MILLISECOND)),
		      CSOCK_TIMEOUT);
	close_both(&sock, &listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connecting),
		cmocka_unit_test(test_waiting_for_a_connection),
		cmocka_unit_test(test_a_connection),
	};

	limit_time(50);
	return cmocka_run_group_tests(tests, find_poll, NULL);
}
