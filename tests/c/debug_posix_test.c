/*
 * What debug builds catch where no status can tell it, in a child that they abort.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The annotations would tell the compiler that NULL is wrong, as it is. */
#define CSOCK_BUILD
#include "csocket/csocket.h"

#include "support.h"

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
		cmocka_unit_test(test_what_no_status_can_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
