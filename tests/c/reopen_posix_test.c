/*
 * One struct opened several times: a connection of packets in one that was for UDP before.
 */
#include "support.h"

#include <netinet/in.h>

#define RECORD 10

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accept_is_a_new_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
