/*
 * Clients and servers by name.
 */
#include "server.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

static struct csock_socket sock;

/* A client connects, and the server hears it. */
static void exchange(const char *host)
{
	struct csock_socket connection = CSOCK_SOCKET_INIT;
	char buffer[4];

	assert_int_equal(csock_connect_to(&sock, host, service(), soon()), 0);
	assert_false(csock_is_nonblocking(&sock));
	assert_int_equal(csock_accept(&listener, &connection, NULL, 0, soon()), 0);
	assert_int_equal(csock_send(&sock, "ping", 4, 0, CSOCK_NEVER), 4);
	assert_int_equal(csock_recv(&connection, buffer, 4, 0, CSOCK_NEVER), 4);
	assert_int_equal(csock_close(&connection), 0);
	assert_int_equal(csock_close(&sock), 0);
}

/* A port of 127.0.0.1 on which nobody listens. */
static const char *free_service(void)
{
	listen_on("127.0.0.1", NULL);
	const char *text = service();
	assert_int_equal(csock_close(&listener), 0);
	return text;
}

static void test_connect_to(void **state)
{
	(void)state;
	listen_on("127.0.0.1", NULL);
	exchange("127.0.0.1");
	exchange("localhost");
	assert_int_equal(csock_connect_to(&sock, "127.0.0.1", service(), CSOCK_NEVER), 0);
	assert_errno(csock_connect_to(&sock, "127.0.0.1", service(), CSOCK_NEVER), EBUSY);
	assert_int_equal(csock_send(&sock, "x", 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_failures(void **state)
{
	const char *port = free_service();
	int before = count_descriptors();

	(void)state;
	assert_errno(csock_connect_to(&sock, "127.0.0.1", port, soon()), ECONNREFUSED);
	assert_errno(csock_connect_to(&sock, "127.0.0.1", port, CSOCK_NEVER), ECONNREFUSED);
	assert_errno(csock_connect_to(&sock, "localhost", port, soon()), ECONNREFUSED);
	assert_domain(csock_connect_to(&sock, "localhost", port, CSOCK_NOW), CSOCK_WOULD_WAIT);
	assert_domain(csock_connect_to(&sock, "127.0.0.1", "no such", soon()), CSOCK_RESOLVER);
	assert_domain(csock_listen_on(&sock, "127.0.0.1", "no such", NULL, soon()), CSOCK_RESOLVER);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	assert_int_equal(count_descriptors(), before);
}

/* TCP is refused; then UDP connects. */
static void test_the_next_one(void **state)
{
	struct csock_resolution *resolution = resolve_all_types("127.0.0.1", free_service());
	int before = count_descriptors();

	(void)state;
	assert_int_equal(csock_connect_any(&sock, resolution, 0, soon()), 0);
	assert_int_equal(sock.type, SOCK_DGRAM);
	assert_int_equal(count_descriptors(), before + 1);
	/* The connection is whole, and not an attempt to go on with. */
	assert_errno(csock_connect_any(&sock, resolution, 0, soon()), EBUSY);
	assert_true(csock_fd(&sock) != CSOCK_NO_HANDLE);
	assert_int_equal(csock_close(&sock), 0);
	while (csock_resolution_next(resolution))
		;
	int status = csock_connect_any(&sock, resolution, 0, soon());
	assert_domain(status, CSOCK_RESOLVER);
	assert_int_equal(csock_status_code(status), EAI_NONAME);
	csock_resolution_free(resolution);
}

/* An address that does not answer takes its share of the time, and not all of it. */
static void test_shares_of_the_deadline(void **state)
{
	(void)state;
	fill_backlog();
	struct csock_resolution *resolution = resolve_all_types("127.0.0.1", service());
	int64_t start = csock_clock();
	assert_int_equal(csock_connect_any(&sock, resolution, 0, start + 300 * MILLISECOND), 0);
	assert_int_equal(sock.type, SOCK_DGRAM);
	assert_true(csock_clock() - start >= 100 * MILLISECOND);
	assert_int_equal(csock_close(&sock), 0);
	csock_resolution_free(resolution);
	/* The only address, or the last one, takes what is left. */
	start = csock_clock();
	assert_domain(csock_connect_to(&sock, "127.0.0.1", service(), start + 50 * MILLISECOND),
		      CSOCK_TIMEOUT);
	assert_true(csock_clock() - start >= 50 * MILLISECOND);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	empty_backlog();
	assert_int_equal(csock_close(&listener), 0);
}

/* As a program with its own loop does: try, and again when the socket is ready. */
static void test_without_waiting(void **state)
{
	(void)state;
	listen_on("127.0.0.1", NULL);
	struct csock_resolution *resolution = resolve_all_types("127.0.0.1", service());
	int status = csock_connect_any(&sock, resolution, 0, CSOCK_NOW);
	for (int i = 0; i < 100 && status < 0; i++) {
		assert_true(csock_status_is(status, EINPROGRESS) ||
			    csock_status_is(status, EALREADY));
		assert_int_equal(csock_wait(&sock, POLLOUT, soon()), POLLOUT);
		status = csock_connect_any(&sock, resolution, 0, CSOCK_NOW);
	}
	assert_int_equal(status, 0);
	assert_int_equal(sock.type, SOCK_STREAM);
	assert_int_equal(csock_close(&sock), 0);
	csock_resolution_free(resolution);
	assert_int_equal(csock_close(&listener), 0);
}

static void *close_soon(void *arg)
{
	pause_for(50 * MILLISECOND);
	(void)csock_close(arg);
	return NULL;
}

/* Another thread ends it: no further address is tried. */
static void test_closed_meanwhile(void **state)
{
	pthread_t thread;

	(void)state;
	fill_backlog();
	struct csock_resolution *resolution = resolve_all_types("127.0.0.1", service());
	assert_int_equal(pthread_create(&thread, NULL, close_soon, &sock), 0);
	assert_errno(csock_connect_any(&sock, resolution, 0, soon()), EBADF);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	csock_resolution_free(resolution);
	empty_backlog();
	assert_int_equal(csock_close(&listener), 0);
}

static void test_both_versions_of_ip(void **state)
{
	(void)state;
	listen_on(NULL, NULL);
	assert_int_equal(listener.family, AF_INET6);
	assert_false(csock_is_nonblocking(&listener));
	exchange("127.0.0.1");
	exchange("::1");
	assert_int_equal(csock_close(&listener), 0);
}

/* A host or a family restricts it. */
static void test_one_version_of_ip(void **state)
{
	const struct csock_listen_options inet = {.family = AF_INET}, inet6 = {.family = AF_INET6};

	(void)state;
	listen_on("::", NULL);
	exchange("::1");
	assert_errno(csock_connect_to(&sock, "127.0.0.1", service(), soon()), ECONNREFUSED);
	assert_int_equal(csock_close(&listener), 0);
	listen_on(NULL, &inet6);
	exchange("::1");
	assert_errno(csock_connect_to(&sock, "127.0.0.1", service(), soon()), ECONNREFUSED);
	assert_int_equal(csock_close(&listener), 0);
	listen_on(NULL, &inet);
	assert_int_equal(listener.family, AF_INET);
	exchange("127.0.0.1");
	assert_errno(csock_connect_to(&sock, "::1", service(), soon()), ECONNREFUSED);
	assert_int_equal(csock_close(&listener), 0);
	listen_on("::1", NULL);
	exchange("::1");
	assert_int_equal(csock_close(&listener), 0);
	assert_int_equal(csock_listen_on(&listener, "localhost", NULL, &inet, soon()), 0);
	exchange("127.0.0.1");
	assert_int_equal(csock_close(&listener), 0);
}

static void test_options(void **state)
{
	const struct csock_listen_options options = {.nonblocking = true};

	(void)state;
	listen_on("127.0.0.1", &options);
	assert_true(csock_is_nonblocking(&listener));
	assert_errno(csock_listen_on(&listener, "127.0.0.1", "0", NULL, CSOCK_NOW), EBUSY);
	assert_errno(csock_listen_on(&sock, "127.0.0.1", service(), NULL, CSOCK_NOW), EADDRINUSE);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	assert_int_equal(csock_close(&listener), 0);
}

/* getaddrinfo() would take 65616 for 80. */
static void test_bad_services(void **state)
{
	static const char *const large[] = {"65536", "065616", "4295037760",
					    "340282366920938463463374607431768211536"};

	(void)state;
	for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
		assert_refused(csock_connect_to(&sock, "127.0.0.1", large[i], soon()),
			       CSOCK_REFUSED_RANGE, 0);
		assert_refused(csock_listen_on(&sock, "127.0.0.1", large[i], NULL, soon()),
			       CSOCK_REFUSED_RANGE, 0);
	}
	assert_refused(csock_connect_to(&sock, "127.0.0.1", "", soon()), CSOCK_REFUSED_SYNTAX, 0);
	assert_refused(csock_listen_on(&sock, NULL, "", NULL, soon()), CSOCK_REFUSED_SYNTAX, 0);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
}

static void test_datagrams(void **state)
{
	const struct csock_listen_options datagrams = {.type = SOCK_DGRAM};
	struct csock_socket client = CSOCK_SOCKET_INIT;
	struct csock_addr addr, any;
	char data[8];

	(void)state;
	listen_on(NULL, &datagrams);
	assert_int_equal(csock_getsockname(&listener, &any), 0);
	addr = host_address(AF_INET, "127.0.0.1", csock_addr_port(&any));
	assert_int_equal(csock_open(&client, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_sendto(&client, "hello", 5, 0, &addr, soon()), 5);
	assert_int_equal(csock_recvfrom(&listener, data, sizeof data, 0, &addr, soon()), 5);
	/* With SO_REUSEADDR another program could take the port's datagrams away. */
	assert_errno(csock_listen_on(&sock, NULL, service(), &datagrams, CSOCK_NOW), EADDRINUSE);
	assert_int_equal(csock_close(&client), 0);
	assert_int_equal(csock_close(&listener), 0);
}

/* The port is in use for IPv6: IPv4 alone would not be what was asked for. */
static void test_a_port_in_use(void **state)
{
	int before = count_descriptors();

	(void)state;
	listen_on("::1", NULL);
	assert_errno(csock_listen_on(&sock, NULL, service(), NULL, CSOCK_NOW), EADDRINUSE);
	assert_int_equal(csock_close(&listener), 0);
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect_to),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_the_next_one),
		cmocka_unit_test(test_shares_of_the_deadline),
		cmocka_unit_test(test_without_waiting),
		cmocka_unit_test(test_closed_meanwhile),
		cmocka_unit_test(test_both_versions_of_ip),
		cmocka_unit_test(test_one_version_of_ip),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_bad_services),
		cmocka_unit_test(test_a_port_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
