/*
 * Clients and servers by name: signals, and ports that several listeners share.
 */
#include "server.h"

#include <errno.h>

static struct csock_socket sock;

/* After a signal the same connection goes on. */
static void test_interrupted(void **state)
{
	(void)state;
	fill_backlog();
	struct csock_resolution *resolution = resolve_all_types("127.0.0.1", service());
	interrupt_every(5 * MILLISECOND);
	assert_domain(csock_connect_any(&sock, resolution, 0, soon()), CSOCK_INTERRUPTED);
	int fd = csock_fd(&sock);
	assert_true(fd >= 0);
	assert_domain(csock_connect_any(&sock, resolution, 0, soon()), CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_int_equal(csock_fd(&sock), fd);
	empty_backlog();
	assert_int_equal(csock_connect_any(&sock, resolution, 0, soon()), 0);
	assert_int_equal(csock_fd(&sock), fd);
	assert_int_equal(sock.type, SOCK_STREAM);
	assert_int_equal(csock_close(&sock), 0);
	csock_resolution_free(resolution);
	/* csock_connect_to leaves nothing behind. */
	fill_backlog();
	interrupt_every(5 * MILLISECOND);
	assert_domain(csock_connect_to(&sock, "127.0.0.1", service(), soon()), CSOCK_INTERRUPTED);
	interrupt_every(0);
	assert_int_equal(csock_fd(&sock), -1);
	empty_backlog();
	assert_int_equal(csock_close(&listener), 0);
}

static void test_a_shared_port(void **state)
{
	const struct csock_listen_options shared = {.reuse_port = true, .nonblocking = true};
	int64_t value = 0;

	(void)state;
	listen_on("127.0.0.1", &shared);
	assert_true(csock_is_nonblocking(&listener));
	assert_int_equal(csock_get_int(&listener, SOL_SOCKET, SO_REUSEADDR, &value), 0);
	assert_true(value != 0);
	assert_int_equal(csock_listen_on(&sock, "127.0.0.1", service(), &shared, CSOCK_NOW), 0);
	assert_errno(csock_listen_on(&sock, "127.0.0.1", service(), &shared, CSOCK_NOW), EBUSY);
	assert_int_equal(csock_close(&sock), 0);
	assert_errno(csock_listen_on(&sock, "127.0.0.1", service(), NULL, CSOCK_NOW), EADDRINUSE);
	assert_int_equal(csock_fd(&sock), CSOCK_NO_HANDLE);
	assert_int_equal(csock_close(&listener), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_a_shared_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
