/*
 * Messages and ancillary data.
 */
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void test_scatter_and_gather(void **state)
{
	struct csock_socket a, b;
	char first[] = "Mary", second[] = " had", one[3], two[16];
	const struct csock_buffer out[] = {{first, 4}, {second, 4}};
	const struct csock_buffer in[] = {{one, sizeof one}, {two, sizeof two}};
	struct csock_received received = {0};

	(void)state;
	open_datagrams(&a, &b);
	assert_int_equal(csock_sendmsg(&a, out, 2, NULL, 0, 0, NULL, CSOCK_NEVER), 8);
	assert_int_equal(csock_recvmsg(&b, in, 2, 0, &received, CSOCK_NOW), 8);
	assert_memory_equal(one, "Mar", 3);
	assert_memory_equal(two, "y had", 5);
	assert_int_equal(received.flags, 0);
	assert_int_equal(csock_sendmsg(&a, out, 2, NULL, 0, 0, NULL, CSOCK_NEVER), 8);
	assert_int_equal(csock_recvmsg(&b, in, 1, 0, &received, CSOCK_NOW), 3);
	assert_int_equal(received.flags & MSG_TRUNC, MSG_TRUNC);
	assert_errno(csock_recvmsg(&b, in, 1, 0, &received, CSOCK_NOW), EAGAIN);
	close_both(&a, &b);
}

/* A UDP socket that is told where a datagram arrived, and its address. */
static void open_informed(struct csock_socket *sock, struct csock_addr *addr)
{
	*sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	*addr = host_address(AF_INET, "127.0.0.1", 0);
	assert_int_equal(csock_open(sock, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(sock, addr), 0);
	assert_int_equal(csock_getsockname(sock, addr), 0);
	assert_int_equal(csock_set_int(sock, IPPROTO_IP, IP_PKTINFO, 1), 0);
}

static void assert_arrived(struct csock_socket *sock, const struct csock_addr *from,
			   int64_t deadline)
{
	_Alignas(size_t) char room[128];
	struct csock_received received = {.control = room, .control_size = sizeof room};
	char data[8];
	const struct csock_buffer buffer = {data, sizeof data};
	struct csock_ancillary item;
	struct in_pktinfo info;
	size_t cursor = 0;
	bool truncated;

	assert_int_equal(csock_recvmsg(sock, &buffer, 1, 0, &received, deadline), 5);
	assert_true(csock_addr_equal(&received.from, from));
	assert_int_equal(
		csock_ancillary_next(room, received.control_size, &cursor, &item, &truncated), 1);
	assert_int_equal(item.level, IPPROTO_IP);
	assert_int_equal(item.type, IP_PKTINFO);
	assert_int_equal(item.size, sizeof info);
	memcpy(&info, item.data, sizeof info);
	assert_int_equal(info.ipi_addr.s_addr, htonl(INADDR_LOOPBACK));
	assert_int_equal(info.ipi_ifindex, loopback_index());
	assert_int_equal(
		csock_ancillary_next(room, received.control_size, &cursor, &item, &truncated), 0);
}

/* The kernel tells the address and the interface; the sender may choose the interface. */
static void test_packet_info(void **state)
{
	const int64_t deadlines[] = {CSOCK_NOW, CSOCK_NEVER,
				     csock_deadline_after(9 * CSOCK_SECOND)};
	const struct in_pktinfo info = {.ipi_ifindex =
						(__typeof__(info.ipi_ifindex))loopback_index()};
	const struct csock_ancillary item = {IPPROTO_IP, IP_PKTINFO, &info, sizeof info};
	const struct csock_buffer buffer = {(char[]){"hello"}, 5};
	_Alignas(size_t) char control[128];
	size_t size = csock_ancillary_size(&item, 1);
	struct csock_socket a, b;
	struct csock_addr from, to;

	(void)state;
	assert_true(csock_ancillary_encode(&item, 1, control, sizeof control) > 0);
	open_informed(&a, &from);
	open_informed(&b, &to);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(csock_sendmsg(&a, &buffer, 1, control, size, 0, &to, CSOCK_NEVER),
				 5);
		assert_arrived(&b, &from, deadlines[i]);
	}
	close_both(&a, &b);
}

static void test_sizes(void **state)
{
	const struct csock_ancillary huge = {0, 0, NULL, SIZE_MAX};
	const struct csock_ancillary many[] = {{0, 0, NULL, 0x7fffff00}, {0, 0, NULL, 0x7fffff00}};

	/* A header has a size_t and two ints, and what follows is aligned for a size_t. */
	const size_t header = sizeof(size_t) + 2 * sizeof(int);

	(void)state;
	assert_int_equal(csock_ancillary_length(0), header);
	assert_int_equal(csock_ancillary_space(1), header + sizeof(size_t));
	assert_true(csock_ancillary_length(SIZE_MAX) == SIZE_MAX);
	assert_true(csock_ancillary_space(SIZE_MAX - 8) == SIZE_MAX);
	assert_true(csock_ancillary_length(0x7fffffff) == SIZE_MAX);
	assert_true(csock_ancillary_size(&huge, 1) == SIZE_MAX);
	assert_true(csock_ancillary_size(many, 2) == SIZE_MAX);
	assert_int_equal(csock_ancillary_size(NULL, 0), 0);
}

static void test_items_round_trip(void **state)
{
	char data[40];
	size_t cursor = 0;
	bool truncated;

	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (char)i;
	struct csock_ancillary items[8], item;
	for (int i = 0; i < 8; i++)
		items[i] = (struct csock_ancillary){i, -i, data, (size_t)(i * 5)};
	size_t size = csock_ancillary_size(items, 8);
	void *control = malloc(size);
	assert_non_null(control);
	assert_true(csock_ancillary_encode(items, 8, control, size) > 0);
	for (int i = 0; i < 8; i++) {
		assert_int_equal(csock_ancillary_next(control, size, &cursor, &item, &truncated),
				 1);
		assert_int_equal(item.level, i);
		assert_int_equal(item.type, -i);
		assert_int_equal(item.size, items[i].size);
		assert_memory_equal(item.data, data, item.size);
		assert_false(truncated);
	}
	assert_int_equal(csock_ancillary_next(control, size, &cursor, &item, &truncated), 0);
	free(control);
}

/* Walks over a copy of exactly this size, so that ASan finds every read past it. */
static void walk(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);
	struct csock_ancillary item;
	size_t cursor = 0, sum = 0;
	int steps = 0;
	bool truncated;

	assert_non_null(copy);
	memcpy(copy, data, size);
	while (csock_ancillary_next(copy, size, &cursor, &item, &truncated)) {
		for (size_t i = 0; i < item.size; i++)
			sum += ((const unsigned char *)item.data)[i];
		assert_true(cursor <= size);
		assert_true(++steps < 100);
	}
	assert_true(sum < SIZE_MAX);
	free(copy);
}

static void test_too_little_room(void **state)
{
	const int fds[3] = {1, 2, 3};
	const struct csock_ancillary items[] = {{1, 2, fds, sizeof fds}, {3, 4, fds, 5}};
	const struct csock_ancillary too_large = {1, 2, NULL, SIZE_MAX};
	unsigned char control[128], untouched[128];
	size_t size = csock_ancillary_size(items, 2);

	(void)state;
	memset(control, '#', sizeof control);
	memcpy(untouched, control, sizeof control);
	for (size_t room = 0; room < size; room++)
		assert_refused(csock_ancillary_encode(items, 2, control, room), CSOCK_REFUSED_SIZE,
			       0);
	assert_refused(csock_ancillary_encode(&too_large, 1, control, SIZE_MAX), CSOCK_REFUSED_SIZE,
		       0);
	assert_memory_equal(control, untouched, sizeof control);
	assert_int_equal(csock_ancillary_encode(items, 2, control, size), size);
}

static void test_every_cut(void **state)
{
	const int fds[3] = {1, 2, 3};
	const struct csock_ancillary items[] = {{1, 2, fds, sizeof fds}, {3, 4, fds, 5}};
	char control[128];
	size_t size = csock_ancillary_size(items, 2);

	(void)state;
	assert_true(size <= sizeof control);
	assert_true(csock_ancillary_encode(items, 2, control, size) > 0);
	for (size_t cut = 0; cut <= size; cut++)
		walk(control, cut);
}

static void test_garbage(void **state)
{
	unsigned char garbage[96];

	(void)state;
	srand(3);
	for (int round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof garbage; i++)
			garbage[i] = (unsigned char)(rand() % 4 ? 0 : rand());
		walk(garbage, (size_t)rand() % sizeof garbage);
	}
}

/* No ancillary data, and no room for it either. */
static void test_nothing_to_walk(void **state)
{
	struct csock_ancillary item;
	size_t cursor = 0;
	bool truncated = true;

	(void)state;
	assert_int_equal(csock_ancillary_next(NULL, 0, &cursor, &item, &truncated), 0);
	assert_false(truncated);
	csock_ancillary_close_rights(NULL, 0);
}

/* The walk ends at the end of the data, even if an item claims another length. */
static void test_lengths_that_lie(void **state)
{
	static const size_t claims[] = {0,  1,  15, 16, 17,        23,           24,      25,
					39, 40, 41, 64, INT32_MAX, SIZE_MAX - 7, SIZE_MAX};
	const int fds[2] = {-1, -1};
	const struct csock_ancillary item = {SOL_SOCKET, SCM_RIGHTS, fds, sizeof fds};
	unsigned char control[40];
	size_t size = csock_ancillary_size(&item, 1);

	(void)state;
	assert_true(size <= sizeof control);
	memset(control, 0xff, sizeof control);
	assert_true(csock_ancillary_encode(&item, 1, control, size) > 0);
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		/* The length comes first in the header. */
		memcpy(control, &claims[i], sizeof claims[i]);
		for (size_t cut = 0; cut <= sizeof control; cut++)
			walk(control, cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scatter_and_gather),
		cmocka_unit_test(test_packet_info),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_items_round_trip),
		cmocka_unit_test(test_too_little_room),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_nothing_to_walk),
		cmocka_unit_test(test_lengths_that_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
