/*
 * What debug builds catch besides NULL: copies of a socket, and NULL where no status can tell it.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The annotations would tell the compiler that NULL is wrong, as it is. */
#define CSOCK_BUILD
#include "csocket/csocket.h"

#include "support.h"

static void test_copy_after_use(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT, copy;
	char byte;

	(void)state;
	assert_int_equal(csock_open_pair(&sock, &other, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_send(&sock, "x", 1, 0, CSOCK_NOW), 1);
	copy = sock;
	assert_refused(csock_send(&copy, "y", 1, 0, CSOCK_NOW), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_recv(&copy, &byte, 1, 0, CSOCK_NEVER), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_connect(&copy, &(struct csock_addr){0}, CSOCK_NOW),
		       CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_move(&(struct csock_socket)CSOCK_SOCKET_INIT, &copy),
		       CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_wait(&copy, POLLIN, CSOCK_NOW), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_close_wait(&copy, CSOCK_NOW), CSOCK_REFUSED_COPIED, 0);
	assert_refused(csock_close(&copy), CSOCK_REFUSED_COPIED, 0);
	/* The original does not notice. */
	assert_int_equal(csock_recv(&other, &byte, 1, 0, CSOCK_NOW), 1);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_close(&other), 0);
}

static void test_copy_before_use(void **state)
{
	struct csock_socket made = CSOCK_SOCKET_INIT, kept;

	(void)state;
	assert_int_equal(csock_open(&made, AF_UNIX, SOCK_STREAM, 0), 0);
	kept = made;
	assert_int_equal(csock_set_blocking(&kept, false), 0);
	assert_int_equal(csock_close(&kept), 0);
	/* A closed struct may be anywhere again. */
	made = kept;
	assert_int_equal(csock_close(&made), 0);
	assert_int_equal(csock_open(&made, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_set_blocking(&made, false), 0);
	assert_int_equal(csock_close(&made), 0);
}

static void text_of_null(void)
{
	char buffer[CSOCK_ADDRESS_TEXT_MAX];

	(void)csock_addr_text(NULL, NULL, buffer, sizeof buffer);
}

static void descriptor_of_null(void)
{
	(void)csock_wake_fd(NULL);
}

static void detach_a_copy(void)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, copy;

	(void)csock_open(&sock, AF_UNIX, SOCK_STREAM, 0);
	(void)csock_set_blocking(&sock, false);
	copy = sock;
	(void)csock_detach(&copy);
}

static bool aborts(void (*call)(void))
{
	const struct rlimit none = {0};
	int status;
	pid_t child = fork();

	if (child == 0) {
		/* Leaves no core file, and no message among those of the tests. */
		(void)setrlimit(RLIMIT_CORE, &none);
		(void)close(STDERR_FILENO);
		call();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void test_what_no_status_can_tell(void **state)
{
	(void)state;
	assert_true(aborts(text_of_null));
	assert_true(aborts(descriptor_of_null));
	assert_true(aborts(detach_a_copy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy_after_use),
		cmocka_unit_test(test_copy_before_use),
		cmocka_unit_test(test_what_no_status_can_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
