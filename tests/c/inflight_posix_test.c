/*
 * What stays while calls are inside, where nothing wakes them, and in a child of fork().
 */
#include "callers.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* A thread that nothing wakes any more keeps its descriptor: no other file gets the number. */
static void test_the_last_one_out_closes(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller = {.sock = &a, .deadline = CSOCK_NEVER};
	const struct sigaction ours = {.sa_handler = SIG_IGN};
	struct sigaction former;
	int before = count_descriptors();

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	int number = csock_fd(&a);
	assert_int_equal(pthread_create(&caller.thread, NULL, call_recv, &caller), 0);
	pause_for(20 * MILLISECOND);
	assert_int_equal(sigaction(SIGURG, &ours, &former), 0);
	assert_domain(csock_close(&a), CSOCK_IN_USE);
	assert_domain(csock_close(&a), CSOCK_IN_USE);
	assert_domain(csock_open(&a, AF_UNIX, SOCK_STREAM, 0), CSOCK_IN_USE);
	assert_errno(csock_listen(&a, 1), EBADF);
	int other = dup(csock_fd(&b));
	assert_int_not_equal(other, number);
	close(other);
	int64_t soon = csock_deadline_after(30 * MILLISECOND);
	assert_domain(csock_close_wait(&a, CSOCK_NOW), CSOCK_IN_USE);
	assert_domain(csock_close_wait(&a, soon), CSOCK_IN_USE);
	assert_true(csock_clock() >= soon);
	assert_int_equal(csock_close(&b), 0);
	assert_int_equal(csock_close_wait(&a, CSOCK_NEVER), 0);
	assert_int_equal(sigaction(SIGURG, &former, NULL), 0);
	assert_int_equal(pthread_join(caller.thread, NULL), 0);
	assert_int_equal(count_descriptors(), before);
}

/* The parent's count of calls means nothing in a child: its close closes the descriptor. */
static void test_fork_forgets_the_parents_calls(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller;
	int status = 0;

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	start_callers(&caller, 1, &a, CSOCK_NEVER, call_recv);
	pause_for(20 * MILLISECOND);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int fd = csock_fd(&a);
		bool closed = csock_close(&a) == 0 && write(fd, "x", 1) < 0 && errno == EBADF;
		_exit(closed ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close_in_use(&a);
	expect_closed(&caller, 1);
	assert_int_equal(csock_close(&b), 0);
}

/* The parent's socket lives on after the child has closed its own. The peer sees the last close. */
static void test_the_peer_sees_the_last_close(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct caller caller;
	char byte;
	int go[2], status = 0;

	(void)state;
	assert_int_equal(pipe(go), 0);
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	start_callers(&caller, 1, &a, CSOCK_NEVER, call_recv);
	pause_for(10 * MILLISECOND);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool closed =
			read(go[0], &byte, 1) == 1 && csock_close(&b) == 0 && csock_close(&a) == 0;
		/* Stays alive, so that the parent sees the close and not the exit. */
		_exit(closed && read(go[0], &byte, 1) == 1 ? 0 : 1);
	}
	close_in_use(&a);
	expect_closed(&caller, 1);
	assert_errno(csock_recv(&b, &byte, 1, 0, CSOCK_NOW), EAGAIN);
	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(csock_recv(&b, &byte, 1, 0, csock_deadline_after(9000 * MILLISECOND)), 0);
	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(csock_close(&b), 0);
	close(go[0]);
	close(go[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_last_one_out_closes),
		cmocka_unit_test(test_fork_forgets_the_parents_calls),
		cmocka_unit_test(test_the_peer_sees_the_last_close),
	};

	limit_time(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
