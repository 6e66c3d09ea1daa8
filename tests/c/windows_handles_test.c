/*
 * Windows: the process has as many handles after 10,000 rounds of each kind of socket as before.
 */
#include "support.h"

#include <errno.h>

#include "csocket/windows.h"
#include "handles.h"

#define ROUNDS 10000
#define FEW_ROUNDS 1000
/* The first rounds load what Winsock needs. */
#define FIRST_ROUNDS 20
#define PATIENCE (9000 * MILLISECOND)

static struct csock_socket listener;
static struct csock_addr addr;

static int64_t soon(void)
{
	return csock_deadline_after(PATIENCE);
}

static void assert_rounds_leave_none(void (*round)(void), int rounds)
{
	for (int i = 0; i < FIRST_ROUNDS; i++)
		round();
	int before = count_handles();
	for (int i = 0; i < rounds; i++)
		round();
	assert_int_equal(count_handles(), before);
}

static void connect_and_accept(void)
{
	struct csock_socket client = CSOCK_SOCKET_INIT, connection = CSOCK_SOCKET_INIT;

	assert_int_equal(csock_open(&client, csock_addr_family(&addr), SOCK_STREAM, 0), 0);
	/* The port of a connection is free at once. */
	assert_int_equal(csock_set_linger(&client, 0), 0);
	assert_int_equal(csock_connect(&client, &addr, soon()), 0);
	assert_int_equal(csock_accept(&listener, &connection, NULL, 0, soon()), 0);
	close_both(&client, &connection);
}

static void test_connections(void **state)
{
	static const int families[] = {AF_INET, AF_INET6};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		open_listener(&listener, families[i], &addr);
		assert_rounds_leave_none(connect_and_accept, ROUNDS);
		assert_int_equal(csock_close(&listener), 0);
	}
}

static void open_and_listen(void)
{
	struct csock_addr any;

	open_listener(&listener, AF_INET, &any);
	assert_int_equal(csock_close(&listener), 0);
}

static void test_listeners(void **state)
{
	(void)state;
	assert_rounds_leave_none(open_and_listen, FEW_ROUNDS);
}

static void exchange_datagrams(void)
{
	struct csock_socket a, b;
	char byte;

	open_datagrams(&a, &b);
	assert_int_equal(csock_send(&a, "x", 1, 0, CSOCK_NEVER), 1);
	assert_int_equal(csock_recv(&b, &byte, 1, 0, soon()), 1);
	close_both(&a, &b);
}

static void test_datagrams(void **state)
{
	(void)state;
	assert_rounds_leave_none(exchange_datagrams, ROUNDS);
}

static void open_pair(void)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	char byte;

	assert_int_equal(csock_open_pair(&a, &b, AF_INET, SOCK_STREAM, 0), 0);
	/* It waits, so that it takes what wakes it, and gives it back. */
	assert_domain(csock_recv(&a, &byte, 1, 0, csock_deadline_after(1)), CSOCK_TIMEOUT);
	assert_int_equal(csock_set_linger(&a, 0), 0);
	close_both(&a, &b);
}

static void test_pairs(void **state)
{
	(void)state;
	assert_rounds_leave_none(open_pair, ROUNDS);
}

static void duplicate_and_share(void)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, shared = CSOCK_SOCKET_INIT;
	unsigned char share[CSOCK_SHARE_SIZE];
	csock_handle duplicate;

	assert_int_equal(csock_open(&sock, AF_INET6, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_duplicate(&sock, &duplicate), 0);
	assert_int_equal(csock_descriptor_close(duplicate), 0);
	assert_int_equal(csock_share_with(&sock, (uint32_t)GetCurrentProcessId(), share), 0);
	assert_int_equal(csock_from_share(&shared, share), 0);
	close_both(&sock, &shared);
}

static void test_duplicates_and_shares(void **state)
{
	(void)state;
	assert_rounds_leave_none(duplicate_and_share, ROUNDS);
}

static void fail_to_open(void)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT, other = CSOCK_SOCKET_INIT;

	assert_true(csock_open(&sock, AF_INET, SOCK_STREAM, IPPROTO_UDP) < 0);
	assert_errno(csock_open_pair(&sock, &other, AF_INET, SOCK_DGRAM, 0), ESOCKTNOSUPPORT);
	assert_int_equal(csock_open_pair(&sock, &other, AF_INET, SOCK_STREAM, 0), 0);
	/* An open socket keeps what it has. */
	assert_errno(csock_open_pair(&sock, &other, AF_INET, SOCK_STREAM, 0), EBUSY);
	assert_errno(csock_open(&sock, AF_INET, SOCK_STREAM, 0), EBUSY);
	assert_int_equal(csock_set_linger(&sock, 0), 0);
	close_both(&sock, &other);
}

static void test_failures(void **state)
{
	(void)state;
	assert_rounds_leave_none(fail_to_open, FEW_ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_datagrams),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_duplicates_and_shares),
		cmocka_unit_test(test_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
