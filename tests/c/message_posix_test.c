/*
 * Descriptors in ancillary data.
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

/* SO_PASSPIDFD, from Linux 6.5 on; not every build machine's headers have it. */
#define SO_PASSPIDFD_NUMBER 76
#define SCM_PIDFD_NUMBER 4

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptors),
		cmocka_unit_test(test_closing_descriptors),
		cmocka_unit_test(test_process_descriptors),
		cmocka_unit_test(test_cut_descriptors_are_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
