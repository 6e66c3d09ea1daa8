/*
 * Threads in calls on a socket, for the tests that close it.
 */
#include "callers.h"

#include <errno.h>

#include "failure.h"
#include "platform/calls.h"
#include "wait.h"

void *call_recv(void *arg)
{
	struct caller *caller = arg;
	char byte;

	caller->result = csock_recv(caller->sock, &byte, 1, 0, caller->deadline);
	return NULL;
}

void *call_accept(void *arg)
{
	struct caller *caller = arg;
	struct csock_socket connection = CSOCK_SOCKET_INIT;

	caller->result = csock_accept(caller->sock, &connection, NULL, 0, caller->deadline);
	(void)csock_close(&connection);
	return NULL;
}

static ssize_t attempt_late_recv(csock_handle fd, int dontwait, void *arg)
{
	struct caller *caller = arg;
	int64_t end = csock_clock() + 60 * MILLISECOND;

	__atomic_store_n(&caller->is_late, 1, __ATOMIC_SEQ_CST);
	/* Sleeps again after each wake-up that comes too early. */
	while (csock_clock() < end)
		pause_for(end - csock_clock());
	ssize_t n = csi_platform_recv(fd, &caller->byte, 1, dontwait);
	return n >= 0 ? n : csi_failure();
}

void *call_late_recv(void *arg)
{
	struct caller *caller = arg;

	caller->result =
		csi_perform(caller->sock, POLLIN, caller->deadline, attempt_late_recv, caller);
	return NULL;
}

void wait_until_late(struct caller *callers, int count)
{
	for (int i = 0; i < count; i++)
		while (!__atomic_load_n(&callers[i].is_late, __ATOMIC_SEQ_CST))
			pause_for(MILLISECOND);
}

void start_callers(struct caller *callers, int count, struct csock_socket *sock, int64_t deadline,
		   void *(*call)(void *))
{
	for (int i = 0; i < count; i++) {
		callers[i] = (struct caller){.sock = sock, .deadline = deadline};
		assert_int_equal(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
	}
}

void expect_closed(struct caller *callers, int count)
{
	for (int i = 0; i < count; i++) {
		assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
		assert_errno(callers[i].result, EBADF);
	}
}

/* On a busy machine calls may take longer to end than csock_close waits for them. */
void close_in_use(struct csock_socket *sock)
{
	int status = csock_close(sock);

	if (csock_status_domain(status) == CSOCK_IN_USE)
		status = csock_close_wait(sock, csock_deadline_after(9000 * MILLISECOND));
	assert_int_equal(status, 0);
}
