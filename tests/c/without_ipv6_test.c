/*
 * A server on a system without IPv6.
 */
#include "support.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* From here on the kernel of this process has no IPv6. */
static bool forbid_ipv6(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

enum {
	RIGHT,
	WRONG,
	NO_FILTER
};

static int listen_without_ipv6(void)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, listener = CSOCK_SOCKET_INIT;
	const int64_t soon = csock_deadline_after(20 * CSOCK_SECOND);
	struct csock_addr addr;
	char port[12];

	if (!forbid_ipv6() || csock_open(&sock, AF_INET6, SOCK_STREAM, 0) == 0)
		return NO_FILTER;
	if (csock_listen_on(&listener, NULL, NULL, NULL, CSOCK_NOW) < 0 ||
	    listener.family != AF_INET)
		return WRONG;
	if (csock_getsockname(&listener, &addr) < 0)
		return WRONG;
	snprintf(port, sizeof port, "%d", csock_addr_port(&addr));
	return csock_connect_to(&sock, "127.0.0.1", port, soon) == 0 ? RIGHT : WRONG;
}

static void test_a_system_without_ipv6(void **state)
{
	int status = 0;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0)
		_exit(listen_without_ipv6());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_FILTER) {
		printf("skip: no seccomp filter here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), RIGHT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_system_without_ipv6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
