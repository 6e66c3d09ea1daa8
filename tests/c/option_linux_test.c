/*
 * Socket options that only Linux has.
 */
#include "support.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>

/* From the kernel's linux/vm_sockets.h. The level is the number of the family. */
#define VSOCK_BUFFER_SIZE 0
#define VSOCK_BUFFER_MAX_SIZE 2
#define FAMILY_VSOCK 40

/* From the kernel's asm/socket.h, where the C library lacks it. */
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

#define WIDE_SIZE (INT64_C(5) << 32)

static void open_inet(struct csock_socket *sock)
{
	*sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	assert_int_equal(csock_open(sock, AF_INET, SOCK_STREAM, 0), 0);
}

/* An integer of 32 bits keeps its sign. */
static void test_negative_values(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	int64_t value = 0;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_UNIX, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_set_int(&sock, SOL_SOCKET, SO_PEEK_OFF, -1), 0);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_PEEK_OFF, &value), 0);
	assert_true(value == -1);
	assert_int_equal(csock_close(&sock), 0);
}

static void test_wide_options(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	int64_t value = 0;
	int result = csock_open(&sock, FAMILY_VSOCK, SOCK_STREAM, 0);

	(void)state;
	if (csock_status_domain(result) == CSOCK_SYSTEM &&
	    csock_status_code(result) == EAFNOSUPPORT) {
		printf("skip: no AF_VSOCK in this kernel\n");
		skip();
	}
	assert_int_equal(result, 0);
	assert_int_equal(csock_set_int(&sock, FAMILY_VSOCK, VSOCK_BUFFER_MAX_SIZE, WIDE_SIZE), 0);
	assert_int_equal(csock_get_int(&sock, FAMILY_VSOCK, VSOCK_BUFFER_MAX_SIZE, &value), 0);
	assert_true(value == WIDE_SIZE);
	/* At other levels its options have 32 bits, as those of other families. */
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_TYPE, &value), 0);
	assert_true(value == SOCK_STREAM);
	assert_refused(csock_set_int(&sock, SOL_SOCKET, SO_RCVBUF, WIDE_SIZE), CSOCK_REFUSED_RANGE,
		       0);
	assert_int_equal(csock_close(&sock), 0);
}

/* Bits without a sign: a mark that is above INT_MAX is not negative. */
static void test_unsigned_options(void **state)
{
	static const struct {
		int level;
		int option;
	} options[] = {
		{SOL_SOCKET, SO_MARK},
		{SOL_SOCKET, SO_PRIORITY},
		{IPPROTO_TCP, TCP_NOTSENT_LOWAT},
	};
	struct csock_socket sock;
	int64_t value = 0;

	(void)state;
	open_inet(&sock);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		int level = options[i].level, option = options[i].option;
		int result = csock_set_int(&sock, level, option, UINT32_MAX);
		if (csock_status_domain(result) == CSOCK_SYSTEM &&
		    csock_status_code(result) == EPERM)
			continue;
		assert_int_equal(result, 0);
		assert_int_equal(csock_get_int(&sock, level, option, &value), 0);
		assert_true(value == UINT32_MAX);
		assert_int_equal(csock_set_int(&sock, level, option, 0), 0);
		assert_int_equal(csock_set_int(&sock, level, option, -1), 0);
		assert_int_equal(csock_get_int(&sock, level, option, &value), 0);
		assert_true(value == UINT32_MAX);
		assert_refused(csock_set_int(&sock, level, option, INT64_C(1) << 32),
			       CSOCK_REFUSED_RANGE, 0);
		assert_refused(csock_set_int(&sock, level, option, -2), CSOCK_REFUSED_RANGE, 0);
	}
	assert_int_equal(csock_close(&sock), 0);
}

/* 64 bits where the kernel has them: more than 4 GB/s, and no limit. */
static void test_pacing_rate(void **state)
{
	int64_t fast = sizeof(long) == sizeof(int64_t) ? WIDE_SIZE : 4000000000;
	int64_t without = sizeof(long) == sizeof(int64_t) ? -1 : (int64_t)UINT32_MAX;
	struct csock_socket sock;
	int64_t value = 0;

	(void)state;
	open_inet(&sock);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_MAX_PACING_RATE, &value), 0);
	assert_true(value == without);
	assert_int_equal(csock_set_int(&sock, SOL_SOCKET, SO_MAX_PACING_RATE, fast), 0);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_MAX_PACING_RATE, &value), 0);
	assert_true(value == fast);
	assert_int_equal(csock_set_int(&sock, SOL_SOCKET, SO_MAX_PACING_RATE, -1), 0);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_MAX_PACING_RATE, &value), 0);
	assert_true(value == without);
	assert_refused(csock_set_int(&sock, SOL_SOCKET, SO_MAX_PACING_RATE, -2),
		       CSOCK_REFUSED_RANGE, 0);
	assert_int_equal(csock_close(&sock), 0);
}

/* The kernel refuses a cookie of fewer than 64 bits. */
static void test_cookies(void **state)
{
	struct csock_socket sock, other;
	int64_t cookie = 0, others = 0;

	(void)state;
	open_inet(&sock);
	open_inet(&other);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_COOKIE, &cookie), 0);
	assert_int_equal(csock_get_int(&other, SOL_SOCKET, SO_COOKIE, &others), 0);
	assert_true(cookie != 0 && cookie != others);
	assert_int_equal(csock_get_int(&sock, SOL_SOCKET, SO_NETNS_COOKIE, &cookie), 0);
	assert_int_equal(csock_get_int(&other, SOL_SOCKET, SO_NETNS_COOKIE, &others), 0);
	assert_true(cookie != 0 && cookie == others);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(csock_close(&other), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_negative_values),  cmocka_unit_test(test_wide_options),
		cmocka_unit_test(test_unsigned_options), cmocka_unit_test(test_pacing_rate),
		cmocka_unit_test(test_cookies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
