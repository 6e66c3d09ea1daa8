/*
 * Helpers for the tests of libcsocket.
 */
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_MAX 512

void assert_domain(ssize_t status, enum csock_domain domain)
{
	assert_int_equal(csock_status_domain(status), domain);
}

void assert_errno(ssize_t status, int error)
{
	assert_domain(status, CSOCK_SYSTEM);
	if (!csock_status_is(status, error))
		assert_int_equal(csock_status_code(status), error);
}

void assert_refused(ssize_t result, enum csock_refusal refusal, unsigned int field)
{
	int status = (int)result;

	assert_domain(status, CSOCK_REFUSED);
	assert_int_equal(csock_status_code(status), refusal);
	assert_int_equal(csock_status_field(status), field);
}

void assert_constant(const char *name, int64_t number)
{
	struct csock_constant found;

	if (!csock_constant_find(name, &found))
		fail_msg("%s is not in the table", name);
	assert_string_equal(found.name, name);
	assert_int_equal(found.kind, CSOCK_CONSTANT_INTEGER);
	assert_null(found.text);
	if (found.integer != number)
		fail_msg("%s is %lld, not %lld", name, (long long)found.integer, (long long)number);
}

struct csock_value integer(int64_t number)
{
	return (struct csock_value){.kind = CSOCK_VALUE_INTEGER, .integer = number};
}

struct csock_value text(const char *data)
{
	return (struct csock_value){.kind = CSOCK_VALUE_TEXT, .data = data, .length = strlen(data)};
}

struct csock_value bytes(const void *data, size_t length)
{
	return (struct csock_value){.kind = CSOCK_VALUE_BYTES, .data = data, .length = length};
}

void assert_value(const struct csock_value *value, const struct csock_value *expected)
{
	assert_int_equal(value->kind, expected->kind);
	if (value->kind == CSOCK_VALUE_INTEGER) {
		assert_true(value->integer == expected->integer);
		return;
	}
	assert_int_equal(value->length, expected->length);
	if (value->length > 0)
		assert_memory_equal(value->data, expected->data, value->length);
	if (value->kind == CSOCK_VALUE_TEXT)
		assert_int_equal(value->data[value->length], '\0');
}

struct csock_addr host_address(int family, const char *host, int port)
{
	struct csock_addr addr = {0};
	const struct csock_value values[] = {
		{.kind = CSOCK_VALUE_TEXT, .data = host, .length = strlen(host)},
		{.kind = CSOCK_VALUE_INTEGER, .integer = port},
	};

	assert_int_equal(
		csock_addr_encode(csock_family_find(family, 0), values, 2, NULL, CSOCK_NOW, &addr),
		0);
	return addr;
}

const struct csock_family *family_row(int family, int protocol)
{
	const struct csock_family *row = csock_family_find(family, protocol);

	assert_non_null(row);
	return row;
}

struct csock_socket socket_of(const struct csock_family *row)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	sock.family = row->family;
	sock.protocol = row->protocol;
	return sock;
}

struct csock_addr encoded(const struct csock_family *row, const struct csock_value *values,
			  size_t count)
{
	struct csock_addr addr = {0};

	assert_int_equal(csock_addr_encode(row, values, count, NULL, CSOCK_NOW, &addr), 0);
	return addr;
}

void assert_encode_refused(const struct csock_family *row, const struct csock_value *values,
			   size_t count, enum csock_refusal refusal, unsigned int field)
{
	struct csock_addr addr, before;

	memset(&before, '#', sizeof before);
	addr = before;
	assert_refused(csock_addr_encode(row, values, count, NULL, CSOCK_NOW, &addr), refusal,
		       field);
	assert_memory_equal(&addr, &before, sizeof addr);
}

void assert_encodes(const struct csock_family *row, const struct csock_value *values, size_t count,
		    const void *sockaddr, size_t length)
{
	struct csock_addr addr = encoded(row, values, count);

	assert_int_equal(addr.length, length);
	assert_memory_equal(addr.raw.bytes, sockaddr, length);
}

void assert_decodes(const struct csock_family *row, const struct csock_addr *addr,
		    const struct csock_value *values, size_t count)
{
	struct csock_socket sock = socket_of(row);
	struct csock_values decoded;

	assert_int_equal(csock_addr_decode(addr, &sock, &decoded), count);
	assert_int_equal(decoded.count, count);
	for (size_t i = 0; i < count; i++)
		assert_value(&decoded.item[i], &values[i]);
}

void assert_range(const struct csock_family *row, const struct csock_value *values, size_t count,
		  unsigned int field, int64_t minimum, int64_t maximum)
{
	struct csock_value tried[CSOCK_VALUES_MAX];

	memcpy(tried, values, count * sizeof *tried);
	tried[field] = integer(minimum - 1);
	assert_encode_refused(row, tried, count, CSOCK_REFUSED_RANGE, field);
	tried[field] = integer(maximum + 1);
	assert_encode_refused(row, tried, count, CSOCK_REFUSED_RANGE, field);
	tried[field] = integer(minimum);
	(void)encoded(row, tried, count);
	tried[field] = integer(maximum);
	(void)encoded(row, tried, count);
}

void assert_shortest(const struct csock_family *row, const struct csock_addr *addr, uint32_t length)
{
	struct csock_socket sock = socket_of(row);
	struct csock_addr *cut = cut_address(addr, length);
	struct csock_values decoded;

	assert_true(csock_addr_decode(cut, &sock, &decoded) > 0);
	cut->length--;
	assert_refused(csock_addr_decode(cut, &sock, &decoded), CSOCK_REFUSED_SIZE, 0);
	free(cut);
}

void assert_format(const struct csock_family *row, const struct csock_addr *addr,
		   const char *expected)
{
	struct csock_socket sock = socket_of(row);
	char buffer[FORMAT_MAX];

	assert_string_equal(csock_addr_format(addr, &sock, buffer, sizeof buffer), expected);
}

struct csock_addr address_of(const void *sockaddr, size_t length)
{
	struct csock_addr addr = {.length = (uint32_t)length};

	assert_true(length <= sizeof addr.raw);
	memcpy(addr.raw.bytes, sockaddr, length);
	return addr;
}

struct csock_addr *cut_address(const struct csock_addr *whole, uint32_t length)
{
	size_t size = offsetof(struct csock_addr, raw) + length;
	struct csock_addr *cut = malloc(size);

	assert_non_null(cut);
	assert_true(length <= sizeof whole->raw);
	memcpy(cut, whole, size);
	cut->length = length;
	return cut;
}

unsigned int loopback_index(void)
{
	int index = csock_if_nametoindex(loopback_name());

	assert_true(index > 0);
	return (unsigned int)index;
}

int open_streams(void **state)
{
	static struct streams pair;

	pair = (struct streams){CSOCK_SOCKET_INIT, CSOCK_SOCKET_INIT};
	*state = &pair;
	return csock_open_pair(&pair.a, &pair.b, pair_family(), SOCK_STREAM, 0);
}

int close_streams(void **state)
{
	struct streams *pair = *state;

	return csock_close(&pair->a) < 0 || csock_close(&pair->b) < 0;
}

void close_both(struct csock_socket *a, struct csock_socket *b)
{
	assert_int_equal(csock_close(a), 0);
	assert_int_equal(csock_close(b), 0);
}

void open_listener(struct csock_socket *listener, int family, struct csock_addr *addr)
{
	*listener = (struct csock_socket)CSOCK_SOCKET_INIT;
	*addr = host_address(family, family == AF_INET ? "127.0.0.1" : "::1", 0);
	assert_int_equal(csock_open(listener, family, SOCK_STREAM, 0), 0);
	assert_int_equal(csock_bind(listener, addr), 0);
	assert_int_equal(csock_listen(listener, 8), 0);
	assert_int_equal(csock_getsockname(listener, addr), 0);
}

void fill_queue(struct csock_socket *listener, struct csock_socket *clients, size_t count,
		const struct csock_addr *addr)
{
	int type = SOCK_STREAM | SOCK_NONBLOCK;

	assert_int_equal(csock_listen(listener, 0), 0);
	for (size_t i = 0; i < count; i++) {
		clients[i] = (struct csock_socket)CSOCK_SOCKET_INIT;
		assert_int_equal(csock_open(&clients[i], listener->family, type, 0), 0);
		int status = csock_connect(&clients[i], addr, CSOCK_NOW);
		assert_true(status == 0 || csock_status_is(status, EINPROGRESS));
	}
}
