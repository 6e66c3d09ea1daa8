/*
 * Closing sockets that are in use.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 4
#define ROUNDS 50

static void pause_for(int64_t nanoseconds)
{
	const struct timespec pause = {.tv_nsec = (long)nanoseconds};

	nanosleep(&pause, NULL);
}

/* A thread in a call on a socket: the call, its deadline, and what it came to. */
struct caller {
	struct csock_socket *sock;
	int64_t deadline;
	bool mask_signals;
	ssize_t result;
	pthread_t thread;
};

static void *call_recv(void *arg)
{
	struct caller *caller = arg;
	char byte;
	sigset_t all;

	sigfillset(&all);
	if (caller->mask_signals)
		pthread_sigmask(SIG_BLOCK, &all, NULL);
	caller->result = csock_recv(caller->sock, &byte, 1, 0, caller->deadline);
	return NULL;
}

static void *call_accept(void *arg)
{
	struct caller *caller = arg;
	struct csock_socket connection = CSOCK_SOCKET_INIT;

	caller->result = csock_accept(caller->sock, &connection, NULL, caller->deadline);
	return NULL;
}

static void start(struct caller *callers, int count, struct csock_socket *sock, int64_t deadline,
		  void *(*call)(void *))
{
	for (int i = 0; i < count; i++) {
		callers[i] = (struct caller){.sock = sock, .deadline = deadline};
		assert_int_equal(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
	}
}

static void expect_closed(struct caller *callers, int count)
{
	for (int i = 0; i < count; i++) {
		assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
		assert_errno(callers[i].result, EBADF);
	}
}

static void close_under_recv(int64_t deadline, int64_t head_start)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller callers[THREADS];

	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	start(callers, THREADS, &a, deadline, call_recv);
	pause_for(head_start);
	assert_int_equal(csock_close(&a), 0);
	expect_closed(callers, THREADS);
	assert_int_equal(csock_close(&b), 0);
}

static void test_close_wakes_readers(void **state)
{
	int before = count_descriptors();

	(void)state;
	/* At every moment: before, while and after the threads go to sleep. */
	for (int round = 0; round < ROUNDS; round++) {
		close_under_recv(CSOCK_NEVER, round * 20000);
		close_under_recv(csock_deadline_after(20000 * MILLISECOND), round * 20000);
	}
	assert_int_equal(count_descriptors(), before);
}

static void test_close_wakes_accept(void **state)
{
	struct csock_socket listener;
	struct caller callers[THREADS];
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	start(callers, THREADS, &listener, CSOCK_NEVER, call_accept);
	pause_for(20 * MILLISECOND);
	assert_int_equal(csock_close(&listener), 0);
	expect_closed(callers, THREADS);
}

static void *call_close(void *arg)
{
	struct caller *caller = arg;

	caller->result = csock_close(caller->sock);
	return NULL;
}

static void test_two_closes_at_once(void **state)
{
	int before = count_descriptors();

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
		struct caller readers[2], closers[2];
		assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
		start(readers, 2, &a, CSOCK_NEVER, call_recv);
		start(closers, 2, &a, CSOCK_NEVER, call_close);
		for (int i = 0; i < 2; i++) {
			assert_int_equal(pthread_join(closers[i].thread, NULL), 0);
			assert_int_equal(closers[i].result, 0);
		}
		expect_closed(readers, 2);
		assert_int_equal(csock_close(&b), 0);
	}
	assert_int_equal(count_descriptors(), before);
}

/* A thread that no signal reaches keeps its descriptor: its number is not given to others. */
static void test_the_last_one_out_closes(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller = {.sock = &a, .deadline = CSOCK_NEVER, .mask_signals = true};
	int before = count_descriptors();

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	int number = a.fd;
	assert_int_equal(pthread_create(&caller.thread, NULL, call_recv, &caller), 0);
	pause_for(20 * MILLISECOND);
	assert_int_equal(csock_close(&a), 0);
	assert_errno(csock_listen(&a, 1), EBADF);
	int other = dup(b.fd);
	assert_int_not_equal(other, number);
	close(other);
	assert_int_equal(csock_close(&b), 0);
	assert_int_equal(pthread_join(caller.thread, NULL), 0);
	assert_int_equal(count_descriptors(), before);
}

static void test_detach_leaves_calls_alone(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	start(&caller, 1, &a, CSOCK_NEVER, call_recv);
	pause_for(20 * MILLISECOND);
	int fd = csock_detach(&a);
	assert_true(fd >= 0);
	assert_int_equal(csock_send(&b, "x", 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(pthread_join(caller.thread, NULL), 0);
	assert_int_equal(caller.result, 1);
	assert_int_equal(csock_descriptor_close(fd), 0);
	assert_int_equal(csock_close(&b), 0);
}

/* The count of the parent's threads means nothing in a child: its close closes. */
static void test_fork_forgets_the_parents_calls(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller;
	int status = 0;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	start(&caller, 1, &a, CSOCK_NEVER, call_recv);
	pause_for(20 * MILLISECOND);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int fd = a.fd;
		bool closed = csock_close(&a) == 0 && write(fd, "x", 1) < 0 && errno == EBADF;
		_exit(closed ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(csock_close(&a), 0);
	expect_closed(&caller, 1);
	assert_int_equal(csock_close(&b), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close_wakes_readers),
		cmocka_unit_test(test_close_wakes_accept),
		cmocka_unit_test(test_two_closes_at_once),
		cmocka_unit_test(test_the_last_one_out_closes),
		cmocka_unit_test(test_detach_leaves_calls_alone),
		cmocka_unit_test(test_fork_forgets_the_parents_calls),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
