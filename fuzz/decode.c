/*
 * Raw bytes as a socket address. The first byte of the input is the protocol of the socket, or
 * NO_SOCKET for none; the rest is the sockaddr. It is decoded, formatted as text, and encoded
 * again. The decoded values must conform to the row's description, and encoding must give the same
 * address.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csocket/csocket.h"

#define NO_SOCKET 255
/* Enough for every byte of an address as \xNN, and more than the longest buffer in the test. */
#define FORMAT_MAX 1024
/* Deeper than encoding goes. */
#define STACK_ROOM 2048

#define CHECK(condition) check((condition), __LINE__, #condition)

static void check(bool holds, int line, const char *condition)
{
	if (holds)
		return;
	fprintf(stderr, "decode.c:%d: not so: %s\n", line, condition);
	abort();
}

static bool is_row(const struct csock_family *row, const char *name)
{
	return row && strcmp(row->name, name) == 0;
}

/* A field of 20 bits, which arrives with the traffic class before it (RFC 6437, RFC 2474). */
static bool is_flowinfo(const struct csock_family *row, size_t i)
{
	return is_row(row, "AF_INET6") && strcmp(row->fields[i].name, "flowinfo") == 0;
}

static bool in_range(const struct csock_field *field, int64_t number)
{
	if (field->maximum > INT64_MAX)
		return (uint64_t)number <= field->maximum;
	return number >= field->minimum && number <= (int64_t)field->maximum;
}

static void check_value(const struct csock_family *row, size_t i, const struct csock_value *value)
{
	const struct csock_field *field = &row->fields[i];

	switch (value->kind) {
	case CSOCK_VALUE_INTEGER:
		CHECK(field->kind == CSOCK_FIELD_INTEGER);
		CHECK(in_range(field, value->integer) || is_flowinfo(row, i));
		break;
	case CSOCK_VALUE_TEXT:
		CHECK(field->kind != CSOCK_FIELD_INTEGER && field->kind != CSOCK_FIELD_BYTES);
		/* No zero byte inside, and one at the end. */
		CHECK(strlen(value->data) == value->length);
		CHECK(value->length < CSOCK_VALUE_TEXT_MAX);
		break;
	case CSOCK_VALUE_BYTES:
		CHECK(field->kind == CSOCK_FIELD_BYTES || field->kind == CSOCK_FIELD_PATH);
		CHECK(value->length <= CSOCK_ADDRESS_MAX);
		break;
	case CSOCK_VALUE_NONE:
		CHECK(value->kind != CSOCK_VALUE_NONE);
		break;
	}
}

static void check_values(const struct csock_family *row, const struct csock_values *values)
{
	CHECK(values->count >= row->required && values->count <= row->field_count);
	for (size_t i = 0; i < values->count; i++)
		check_value(row, i, &values->item[i]);
}

/* The beginning of the whole text, in memory of that size. */
static void check_cut_text(const struct csock_addr *addr, struct csock_socket *sock,
			   const char *whole, size_t size)
{
	size_t length = strlen(whole) < size ? strlen(whole) : size - 1;
	char *buffer = malloc(size);

	CHECK(buffer != NULL);
	CHECK(csock_addr_format(addr, sock, buffer, size) == buffer);
	CHECK(strlen(buffer) == length);
	CHECK(memcmp(buffer, whole, length) == 0);
	free(buffer);
}

static void check_text(const struct csock_addr *addr, struct csock_socket *sock)
{
	static const size_t sizes[] = {1, 2, 7, 8, 40, 120, FORMAT_MAX};
	char whole[FORMAT_MAX];

	csock_addr_format(addr, sock, whole, sizeof whole);
	CHECK(strlen(whole) < sizeof whole - 1);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		check_cut_text(addr, sock, whole, sizes[i]);
}

/*
 * The refusal that is expected for values that may be received but not sent: texts without a final
 * zero, more bytes than the kernel accepts, and a flow label with the traffic class before it.
 */
static int expected_refusal(const struct csock_family *row, const struct csock_values *values)
{
	const struct csock_value *item = values->item;

	if (is_row(row, "AF_UNIX") &&
	    item[0].length > (item[0].kind == CSOCK_VALUE_BYTES ? 108 : 107))
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 0);
	if (is_row(row, "AF_ALG") && item[0].length == 14)
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 0);
	if (is_row(row, "AF_ALG") && item[1].length == 64)
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 1);
	if (is_row(row, "AF_PACKET") && item[4].length > 32)
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 4);
	if (is_row(row, "AF_INET6") && !in_range(&row->fields[2], item[2].integer))
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 2);
	return 0;
}

static bool same_value(const struct csock_value *a, const struct csock_value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == CSOCK_VALUE_INTEGER)
		return a->integer == b->integer;
	return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

/*
 * Leaves bytes where the next call has its variables: a value that it does not set would show them.
 */
__attribute__((noinline)) static void dirty_stack(int byte)
{
	unsigned char room[STACK_ROOM];

	memset(room, byte, sizeof room);
	__asm__ volatile("" : : "r"(room) : "memory");
}

/*
 * The values encode to an address, which decodes to these values, and these encode to the same
 * bytes.
 */
static void check_way_back(const struct csock_family *row, const struct csock_values *values,
			   struct csock_socket *sock)
{
	struct csock_addr addr, again;
	struct csock_values decoded;

	dirty_stack(0);
	int result = csock_addr_encode(row, values->item, values->count, sock, CSOCK_NOW, &addr);
	CHECK(result == expected_refusal(row, values));
	if (result < 0)
		return;
	CHECK(addr.length >= row->minimum_length && addr.length <= CSOCK_ADDRESS_MAX);
	CHECK(csock_addr_decode(&addr, sock, &decoded) == (int)values->count);
	for (size_t i = 0; i < values->count; i++)
		CHECK(same_value(&decoded.item[i], &values->item[i]));
	dirty_stack(0xff);
	CHECK(csock_addr_encode(row, decoded.item, decoded.count, sock, CSOCK_NOW, &again) == 0);
	CHECK(csock_addr_equal(&addr, &again));
}

static void check_address(const struct csock_addr *addr, struct csock_socket *sock)
{
	const struct csock_family *row = csock_addr_form(addr, sock);
	struct csock_values values;
	int result = csock_addr_decode(addr, sock, &values);

	check_text(addr, sock);
	if (!row)
		CHECK(result == csock_status_refuse(CSOCK_REFUSED_FAMILY, 0));
	else if (addr->length < row->minimum_length || addr->length > CSOCK_ADDRESS_MAX)
		CHECK(result == csock_status_refuse(CSOCK_REFUSED_SIZE, 0));
	else if (result < 0)
		CHECK(is_row(row, "AF_TIPC") &&
		      result == csock_status_refuse(CSOCK_REFUSED_UNKNOWN, 0));
	if (result < 0)
		return;
	CHECK(result == (int)values.count);
	check_values(row, &values);
	check_way_back(row, &values, sock);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	if (size == 0)
		return 0;
	sock.protocol = data[0];
	/* Uses memory that ends with the address, so that ASan finds a read past it. */
	struct csock_addr *addr = malloc(offsetof(struct csock_addr, raw) + size - 1);
	CHECK(addr != NULL);
	addr->length = (uint32_t)(size - 1);
	memcpy(&addr->raw, data + 1, size - 1);
	check_address(addr, data[0] == NO_SOCKET ? NULL : &sock);
	free(addr);
	return 0;
}
