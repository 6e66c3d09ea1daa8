/*
 * One struct opened several times: the state of a new descriptor, and threads that all open it.
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>

#define THREADS 4
#define ROUNDS 3000

static void test_an_open_socket_keeps_its_descriptor(void **state)
{
	struct csock_socket listener, client = CSOCK_SOCKET_INIT;
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, CSOCK_NEVER), 0);
	csock_handle fd = csock_fd(&listener), other;
	int before = count_descriptors();
	assert_int_equal(csock_duplicate(&client, &other), 0);
	assert_errno(csock_open(&listener, AF_INET, SOCK_DGRAM, 0), EBUSY);
	assert_errno(csock_open_pair(&a, &listener, pair_family(), SOCK_STREAM, 0), EBUSY);
	assert_errno(csock_open_pair(&listener, &b, pair_family(), SOCK_STREAM, 0), EBUSY);
	assert_errno(csock_accept(&listener, &client, NULL, 0, CSOCK_NEVER), EBUSY);
	assert_errno(csock_adopt(&listener, other, AF_INET, SOCK_DGRAM, 0), EBUSY);
	/* The refused descriptor is still the caller's. */
	assert_int_equal(csock_descriptor_close(other), 0);
	assert_int_equal(csock_fd(&listener), fd);
	assert_int_equal(listener.family, AF_INET);
	assert_int_equal(listener.type, SOCK_STREAM);
	assert_int_equal(csock_fd(&a), CSOCK_NO_HANDLE);
	assert_int_equal(csock_fd(&b), CSOCK_NO_HANDLE);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(csock_close(&client), 0);
	assert_int_equal(csock_close(&listener), 0);
}

struct opener {
	struct csock_socket *sock;
	int family;
	int failures; /* not caused by the other threads */
	pthread_t thread;
};

static bool is_theirs(int status)
{
	enum csock_domain domain = csock_status_domain(status);

	return domain == CSOCK_IN_USE || (domain == CSOCK_SYSTEM && csock_status_is(status, EBUSY));
}

/* Closes a socket that another thread may have opened, and opens it; or detaches and adopts it. */
static void *open_anew(void *arg)
{
	struct opener *opener = arg;

	for (int i = 0; i < ROUNDS; i++) {
		int status = csock_close(opener->sock);
		opener->failures += status < 0 && !is_theirs(status);
		status = csock_open(opener->sock, opener->family, SOCK_DGRAM, 0);
		opener->failures += status < 0 && !is_theirs(status);
		csock_handle fd = i % 4 == 0 ? csock_detach(opener->sock) : CSOCK_NO_HANDLE;
		if (fd != CSOCK_NO_HANDLE &&
		    csock_adopt(opener->sock, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK) < 0)
			opener->failures += csock_descriptor_close(fd) < 0;
	}
	return NULL;
}

static void test_threads_open_one_socket(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct opener openers[THREADS];
	int before = count_descriptors();
	struct csock_addr addr;

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		openers[i] = (struct opener){&sock, i % 2 ? AF_INET : AF_INET6, 0, 0};
		assert_int_equal(pthread_create(&openers[i].thread, NULL, open_anew, &openers[i]),
				 0);
	}
	/* These calls read the fields of the socket meanwhile. */
	for (int i = 0; i < ROUNDS; i++) {
		int64_t value;
		int status = csock_get_int(&sock, SOL_SOCKET, SO_TYPE, &value);
		assert_true(status == 0 || csock_status_is(status, EBADF));
		(void)csock_can_try(&sock);
		(void)csock_close_may_wait(&sock);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(openers[i].thread, NULL), 0);
		assert_int_equal(openers[i].failures, 0);
	}
	if (csock_getsockname(&sock, &addr) == 0)
		assert_int_equal(sock.family, csock_addr_family(&addr));
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_open_socket_keeps_its_descriptor),
		cmocka_unit_test(test_threads_open_one_socket),
	};

	limit_time(50);
	return cmocka_run_group_tests_name("reopen", tests, NULL, NULL);
}
