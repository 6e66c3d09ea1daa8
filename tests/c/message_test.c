/*
 * Messages and ancillary data.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* SO_PASSPIDFD, from Linux 6.5 on; not every build machine's headers have it. */
#define SO_PASSPIDFD_NUMBER 76
#define SCM_PIDFD_NUMBER 4

static void test_scatter_and_gather(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	char first[] = "Mary", second[] = " had", one[3], two[16];
	const struct csock_buffer out[] = {{first, 4}, {second, 4}};
	const struct csock_buffer in[] = {{one, sizeof one}, {two, sizeof two}};
	struct csock_received received = {0};

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_sendmsg(&a, out, 2, NULL, 0, 0, NULL, CSOCK_NEVER), 8);
	assert_int_equal(csock_recvmsg(&b, in, 2, 0, &received, CSOCK_NOW), 8);
	assert_memory_equal(one, "Mar", 3);
	assert_memory_equal(two, "y had", 5);
	assert_int_equal(received.flags, 0);
	assert_int_equal(csock_sendmsg(&a, out, 2, NULL, 0, 0, NULL, CSOCK_NEVER), 8);
	assert_int_equal(csock_recvmsg(&b, in, 1, 0, &received, CSOCK_NOW), 3);
	assert_int_equal(received.flags & MSG_TRUNC, MSG_TRUNC);
	assert_errno(csock_recvmsg(&b, in, 1, 0, &received, CSOCK_NOW), EAGAIN);
	csock_close(&a);
	csock_close(&b);
}

/* Sends count descriptors, and receives them with this room for ancillary data. */
static ssize_t pass_descriptors(int count, void *room, size_t room_size,
				struct csock_received *received)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	int fds[4] = {0, 0, 0, 0};
	char byte = 'x';
	const struct csock_buffer buffer = {&byte, 1};
	const struct csock_ancillary item = {SOL_SOCKET, SCM_RIGHTS, fds,
					     (size_t)count * sizeof *fds};
	size_t size = csock_ancillary_size(&item, 1);
	void *control = malloc(size);

	assert_non_null(control);
	assert_true(csock_ancillary_encode(&item, 1, control, size) > 0);
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_sendmsg(&a, &buffer, 1, control, size, 0, NULL, CSOCK_NEVER), 1);
	*received = (struct csock_received){.control = room, .control_size = room_size};
	ssize_t n = csock_recvmsg(&b, &buffer, 1, 0, received, CSOCK_NEVER);
	free(control);
	csock_close(&a);
	csock_close(&b);
	return n;
}

static void test_descriptors(void **state)
{
	_Alignas(size_t) char room[64];
	struct csock_received received;
	struct csock_ancillary item;
	size_t cursor = 0;
	bool truncated;
	int before = count_descriptors();

	(void)state;
	assert_int_equal(pass_descriptors(2, room, sizeof room, &received), 1);
	assert_int_equal(count_descriptors(), before + 2);
	assert_int_equal(
		csock_ancillary_next(room, received.control_size, &cursor, &item, &truncated), 1);
	assert_int_equal(item.level, SOL_SOCKET);
	assert_int_equal(item.type, SCM_RIGHTS);
	assert_int_equal(item.size, 2 * sizeof(int));
	assert_false(truncated);
	assert_int_equal(
		csock_ancillary_next(room, received.control_size, &cursor, &item, &truncated), 0);
	csock_ancillary_close_rights(room, received.control_size);
	assert_int_equal(count_descriptors(), before);
}

/*
 * With hand-made items: closes descriptors of both kinds, with other items between, and no others.
 */
static void test_closing_descriptors(void **state)
{
	int rights[2] = {dup(0), dup(0)}, process = dup(0), other = dup(0), none = -1;
	const struct csock_ancillary items[] = {
		{SOL_SOCKET, SCM_PIDFD_NUMBER, &process, sizeof process},
		{SOL_SOCKET, SCM_CREDENTIALS, &other, sizeof other},
		{SOL_SOCKET, SCM_RIGHTS, rights, sizeof rights},
		{IPPROTO_IP, SCM_PIDFD_NUMBER, &other, sizeof other},
		{SOL_SOCKET, SCM_PIDFD_NUMBER, &none, sizeof none},
	};
	_Alignas(size_t) char room[256];
	int before = count_descriptors();

	(void)state;
	size_t size = csock_ancillary_size(items, 5);
	assert_true(size <= sizeof room);
	assert_true(csock_ancillary_encode(items, 5, room, sizeof room) > 0);
	csock_ancillary_close_rights(room, size);
	assert_int_equal(count_descriptors(), before - 3);
	csock_ancillary_close(
		&(struct csock_ancillary){SOL_SOCKET, SCM_RIGHTS, &other, sizeof other});
	assert_int_equal(count_descriptors(), before - 4);
}

/* With items from the kernel: a pidfd of the sender. */
static void test_process_descriptors(void **state)
{
	struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;
	_Alignas(size_t) char room[64];
	struct csock_received received = {.control = room, .control_size = sizeof room};
	char byte = 'x';
	const struct csock_buffer buffer = {&byte, 1};

	(void)state;
	assert_int_equal(csock_open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0), 0);
	int before = count_descriptors();
	int status = csock_set_int(&b, SOL_SOCKET, SO_PASSPIDFD_NUMBER, 1);
	if (status == 0) {
		assert_int_equal(csock_send(&a, &byte, 1, 0, CSOCK_NEVER), 1);
		assert_int_equal(csock_recvmsg(&b, &buffer, 1, 0, &received, CSOCK_NOW), 1);
		assert_int_equal(count_descriptors(), before + 1);
		csock_ancillary_close_rights(room, received.control_size);
		assert_int_equal(count_descriptors(), before);
	}
	assert_int_equal(csock_close(&a), 0);
	assert_int_equal(csock_close(&b), 0);
	if (status < 0) {
		print_message("skip: this kernel has no SO_PASSPIDFD\n");
		skip();
	}
}

static void test_cut_descriptors_are_reported(void **state)
{
	_Alignas(size_t) char room[64];
	struct csock_received received;
	int before = count_descriptors();

	(void)state;
	for (size_t size = 0; size < csock_ancillary_length(3 * sizeof(int)); size++) {
		assert_int_equal(pass_descriptors(3, room, size, &received), 1);
		assert_int_equal(received.flags & MSG_CTRUNC, MSG_CTRUNC);
		csock_ancillary_close_rights(room, received.control_size);
		assert_int_equal(count_descriptors(), before);
	}
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
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_closing_descriptors),
		cmocka_unit_test(test_process_descriptors),
		cmocka_unit_test(test_cut_descriptors_are_reported),
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
