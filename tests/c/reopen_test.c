/*
 * One struct opened several times: the state of a new descriptor, and threads that all open it.
 */
#include "support.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <unistd.h>

#define THREADS 4
#define ROUNDS 3000
#define RECORD 10

static void test_an_open_socket_keeps_its_descriptor(void **state)
{
	struct csock_socket listener, client = CSOCK_SOCKET_INIT;
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	struct csock_addr addr;

	(void)state;
	open_listener(&listener, AF_INET, &addr);
	assert_int_equal(csock_open(&client, AF_INET, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, CSOCK_NEVER), 0);
	int before = count_descriptors(), fd = csock_fd(&listener), other = dup(csock_fd(&client));
	assert_errno(csock_open(&listener, AF_UNIX, SOCK_DGRAM, 0), EBUSY);
	assert_errno(csock_open_pair(&a, &listener, AF_UNIX, SOCK_DGRAM, 0), EBUSY);
	assert_errno(csock_open_pair(&listener, &b, AF_UNIX, SOCK_DGRAM, 0), EBUSY);
	assert_errno(csock_accept(&listener, &client, NULL, 0, CSOCK_NEVER), EBUSY);
	assert_errno(csock_adopt(&listener, other, AF_UNIX, SOCK_DGRAM, 0), EBUSY);
	/* The refused descriptor is still the caller's. */
	assert_int_equal(close(other), 0);
	assert_int_equal(csock_fd(&listener), fd);
	assert_int_equal(listener.family, AF_INET);
	assert_int_equal(listener.type, SOCK_STREAM);
	assert_int_equal(csock_fd(&a), -1);
	assert_int_equal(csock_fd(&b), -1);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(csock_close(&client), 0);
	assert_int_equal(csock_close(&listener), 0);
}

/* Sends a run of three datagrams. So the socket learns that the kernel cuts runs for it. */
static void send_run(struct csock_socket *sock)
{
	static const char data[3 * RECORD];
	struct csock_addr to = host_address(AF_INET, "127.0.0.1", 9);

	assert_int_equal(csock_open(sock, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_send_segments(sock, data, sizeof data, RECORD, 0, &to, CSOCK_NEVER),
			 sizeof data);
	assert_int_equal(csock_close(sock), 0);
}

static void open_packet_listener(struct csock_socket *listener, struct csock_addr *addr)
{
	struct csock_addr any = {.length = sizeof(sa_family_t)};

	/* The address is only the family: the kernel chooses an abstract name. */
	assert_int_equal(csock_addr_unix(&any, "", 0), 0);
	assert_int_equal(csock_open(listener, AF_UNIX, SOCK_SEQPACKET, 0), 0);
	assert_int_equal(csock_bind(listener, &any), 0);
	assert_int_equal(csock_listen(listener, 1), 0);
	assert_int_equal(csock_getsockname(listener, addr), 0);
}

/* accept resets all that the struct knew of its earlier descriptor. */
static void test_accept_is_a_new_beginning(void **state)
{
	struct csock_socket listener = CSOCK_SOCKET_INIT, client = CSOCK_SOCKET_INIT;
	struct csock_socket server = CSOCK_SOCKET_INIT;
	static const char data[3 * RECORD];
	struct csock_addr addr;
	char room[sizeof data];

	(void)state;
	send_run(&server);
	server.misses = 7;
	open_packet_listener(&listener, &addr);
	assert_int_equal(csock_open(&client, AF_UNIX, SOCK_SEQPACKET, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, CSOCK_NEVER), 0);
	assert_int_equal(csock_accept(&listener, &server, NULL, 0, CSOCK_NEVER), 0);
	assert_int_equal(server.misses, 0);
	assert_int_equal(
		csock_send_segments(&server, data, sizeof data, RECORD, 0, NULL, CSOCK_NEVER),
		sizeof data);
	for (int i = 0; i < 3; i++)
		assert_int_equal(csock_recv(&client, room, sizeof room, 0, CSOCK_NOW), RECORD);
	assert_int_equal(csock_close(&server), 0);
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

	return domain == CSOCK_IN_USE ||
	       (domain == CSOCK_SYSTEM && csock_status_code(status) == EBUSY);
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
		int fd = i % 4 == 0 ? csock_detach(opener->sock) : -1;
		if (fd >= 0 && csock_adopt(opener->sock, fd, CSOCK_ASK, CSOCK_ASK, CSOCK_ASK) < 0)
			opener->failures += csock_descriptor_close(fd) < 0;
	}
	return NULL;
}

static void test_threads_open_one_socket(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct opener openers[THREADS];
	int before = count_descriptors(), type;
	size_t size = sizeof type;

	(void)state;
	for (int i = 0; i < THREADS; i++) {
		openers[i] = (struct opener){&sock, i % 2 ? AF_INET : AF_UNIX, 0, 0};
		assert_int_equal(pthread_create(&openers[i].thread, NULL, open_anew, &openers[i]),
				 0);
	}
	/* These calls read the fields of the socket meanwhile. */
	for (int i = 0; i < ROUNDS; i++) {
		int64_t value;
		int status = csock_get_int(&sock, SOL_SOCKET, SO_TYPE, &value);
		assert_true(status == 0 || csock_status_code(status) == EBADF);
		(void)csock_can_try(&sock);
		(void)csock_close_may_wait(&sock);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(openers[i].thread, NULL), 0);
		assert_int_equal(openers[i].failures, 0);
	}
	if (csock_getsockopt(&sock, SOL_SOCKET, SO_DOMAIN, &type, &size) == 0)
		assert_int_equal(sock.family, type);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_open_socket_keeps_its_descriptor),
		cmocka_unit_test(test_accept_is_a_new_beginning),
		cmocka_unit_test(test_threads_open_one_socket),
	};

	/* Nothing here may hang for ever. */
	alarm(50);
	return cmocka_run_group_tests_name("reopen", tests, NULL, NULL);
}
