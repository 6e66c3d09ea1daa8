/*
 * Random valid addresses of any row of the family table.
 */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Values with a meaning for the rules of a family. */
#define TIPC_SERVICE_RANGE 1
#define TIPC_SERVICE_ADDR 2
#define TIPC_SOCKET_ADDR 3
#define TIPC_CLUSTER_SCOPE 2
#define BDADDR_TYPE_BREDR 0
#define HCI_CHANNEL_RAW 0

int sample_seed(void **state)
{
	const char *given = getenv("CSOCKET_SEED");
	unsigned int seed =
		given ? (unsigned int)strtoul(given, NULL, 10) : (unsigned int)time(NULL);

	(void)state;
	printf("CSOCKET_SEED=%u\n", seed);
	srand(seed);
	return 0;
}

static uint64_t random_bits(void)
{
	uint64_t bits = 0;

	for (int i = 0; i < 8; i++)
		bits = bits << 8 | ((unsigned int)rand() >> 8 & 0xff);
	return bits;
}

/* Half of the time one of the limits. */
static int64_t random_integer(int64_t minimum, uint64_t maximum)
{
	uint64_t span = maximum - (uint64_t)minimum;

	switch (rand() % 4) {
	case 0:
		return minimum;
	case 1:
		return (int64_t)maximum;
	default:
		return (int64_t)((uint64_t)minimum +
				 (span == UINT64_MAX ? random_bits() : random_bits() % (span + 1)));
	}
}

static bool is_named(const struct csock_field *field, const char *name)
{
	return strcmp(field->name, name) == 0;
}

bool sample_takes(const struct csock_field *field, enum csock_value_kind kind)
{
	switch (field->kind) {
	case CSOCK_FIELD_INTEGER:
		return kind == CSOCK_VALUE_INTEGER;
	case CSOCK_FIELD_TEXT:
	case CSOCK_FIELD_UUID:
		return kind == CSOCK_VALUE_TEXT;
	case CSOCK_FIELD_BYTES:
		return kind == CSOCK_VALUE_BYTES;
	case CSOCK_FIELD_HOST:
		return kind != CSOCK_VALUE_INTEGER;
	case CSOCK_FIELD_NAME:
	case CSOCK_FIELD_PATH:
		return kind == CSOCK_VALUE_TEXT || kind == CSOCK_VALUE_BYTES;
	}
	return false;
}

size_t sample_longest(const struct csock_family *row, const struct csock_field *field)
{
	static const struct {
		const char *family, *field;
		size_t longest;
	} limits[] = {
		{"AF_ALG", "type", 13},
		{"AF_ALG", "name", 63},
		{"AF_UNIX", "path", 107},
		{"AF_PACKET", "addr", 32},
		{"AF_CAN", "interface name", CSOCK_INTERFACE_NAME_MAX - 1},
		{"AF_PACKET", "interface name", CSOCK_INTERFACE_NAME_MAX - 1},
	};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (strcmp(limits[i].family, row->name) == 0 && is_named(field, limits[i].field))
			return limits[i].longest;
	return 0;
}

/* Any bytes, with zeros only if they are allowed. */
static size_t random_text(char *to, size_t longest, bool with_zeros)
{
	size_t length = (size_t)random_integer(0, longest);

	for (size_t i = 0; i < length; i++)
		to[i] = (char)(with_zeros ? random_integer(0, 255) : random_integer(1, 255));
	to[length] = '\0';
	return length;
}

static void give(struct sample *sample, size_t i, size_t length)
{
	const struct csock_field *field = &sample->row->fields[i];
	bool as_bytes = !sample_takes(field, CSOCK_VALUE_TEXT) ||
			(sample_takes(field, CSOCK_VALUE_BYTES) && rand() % 2);

	sample->values[i] = bytes(sample->given_text[i], length);
	if (!as_bytes)
		sample->values[i].kind = CSOCK_VALUE_TEXT;
}

static void expect_text(struct sample *sample, size_t i)
{
	sample->decoded[i] = text(sample->decoded_text[i]);
}

static void copy_text(char *to, const char *from)
{
	assert_true(strlen(from) < SAMPLE_TEXT_MAX);
	memcpy(to, from, strlen(from) + 1);
}

static void fill_host(struct sample *sample, size_t i)
{
	int family = sample->row->family == AF_INET6 ? AF_INET6 : AF_INET;
	unsigned char packed[CSOCK_INET6_SIZE] = {0};
	bool is_wildcard = rand() % 8 == 0;

	for (size_t b = 0; b < sizeof packed && !is_wildcard; b++)
		packed[b] = (unsigned char)random_bits();
	assert_int_equal(csock_inet_ntop(family, packed, sample->decoded_text[i]), 0);
	expect_text(sample, i);
	copy_text(sample->given_text[i], is_wildcard ? "" : sample->decoded_text[i]);
	give(sample, i, strlen(sample->given_text[i]));
	if (is_wildcard && rand() % 2)
		sample->values[i] = (struct csock_value){.kind = CSOCK_VALUE_NONE};
}

/* Six numbers in lower and upper case, with and without a leading zero. */
static void fill_bdaddr(struct sample *sample, size_t i)
{
	static const char *const forms[] = {"%s%02X", "%s%02x", "%s%X", "%s%x"};
	char *given = sample->given_text[i], *decoded = sample->decoded_text[i];

	for (int b = 0; b < 6; b++) {
		unsigned int byte = (unsigned int)random_integer(0, UINT8_MAX);
		const char *colon = b > 0 ? ":" : "";
		given += sprintf(given, forms[rand() % 4], colon, byte);
		decoded += sprintf(decoded, "%s%02X", colon, byte);
	}
	expect_text(sample, i);
	give(sample, i, strlen(sample->given_text[i]));
}

/* 16 numbers in lower and upper case. */
static void fill_uuid(struct sample *sample, size_t i)
{
	char *given = sample->given_text[i], *decoded = sample->decoded_text[i];

	for (int b = 0; b < 16; b++) {
		unsigned int byte = (unsigned int)random_integer(0, UINT8_MAX);
		const char *hyphen = b >= 4 && b <= 10 && b % 2 == 0 ? "-" : "";
		given += sprintf(given, rand() % 2 ? "%s%02X" : "%s%02x", hyphen, byte);
		decoded += sprintf(decoded, "%s%02x", hyphen, byte);
	}
	expect_text(sample, i);
	give(sample, i, strlen(sample->given_text[i]));
}

static void fill_interface(struct sample *sample, size_t i)
{
	struct csock_interface *list;
	int count = csock_if_nameindex(&list);

	assert_true(count >= 0);
	int chosen = rand() % (count + 1);
	copy_text(sample->given_text[i], chosen < count ? list[chosen].name : "");
	free(list);
	copy_text(sample->decoded_text[i], sample->given_text[i]);
	expect_text(sample, i);
	give(sample, i, strlen(sample->given_text[i]));
}

/* A path, or an abstract name, which may have any bytes. */
static void fill_path(struct sample *sample, size_t i)
{
	char *given = sample->given_text[i];
	size_t length =
		random_text(given, sample_longest(sample->row, &sample->row->fields[i]), false);

	if (length > 0 && rand() % 2) {
		memset(given, 0, length / 2 + 1);
		give(sample, i, length);
		sample->decoded[i] = bytes(given, length);
		return;
	}
	give(sample, i, length);
	sample->decoded[i] = text(given);
}

static void fill_text(struct sample *sample, size_t i)
{
	const struct csock_field *field = &sample->row->fields[i];
	size_t longest = sample_longest(sample->row, field);
	bool is_bytes = field->kind == CSOCK_FIELD_BYTES;

	if (is_named(field, "bdaddr")) {
		fill_bdaddr(sample, i);
	} else if (is_named(field, "interface name")) {
		fill_interface(sample, i);
	} else {
		if (longest == 0)
			fail_msg("%s: what is a valid %s?", sample->row->name, field->name);
		give(sample, i, random_text(sample->given_text[i], longest, is_bytes));
		sample->decoded[i] = sample->values[i];
	}
}

/*
 * A negative number in a field that reaches the maximum of an unsigned type is stored as that
 * type's bits. In a field that is symmetric about 0 it stays itself.
 */
static int64_t stored_integer(const struct csock_field *field, int64_t given)
{
	bool is_signed = field->maximum == ~(uint64_t)field->minimum;

	return given >= 0 || is_signed ? given : (int64_t)((uint64_t)given & field->maximum);
}

static void fill_integer(struct sample *sample, size_t i)
{
	const struct csock_field *field = &sample->row->fields[i];
	int64_t given = is_named(field, "addr_type")
				? random_integer(TIPC_SERVICE_RANGE, TIPC_SOCKET_ADDR)
				: random_integer(field->minimum, field->maximum);

	sample->values[i] = integer(given);
	sample->decoded[i] = integer(stored_integer(field, given));
}

static void fill_value(struct sample *sample, size_t i)
{
	switch (sample->row->fields[i].kind) {
	case CSOCK_FIELD_INTEGER:
		fill_integer(sample, i);
		break;
	case CSOCK_FIELD_HOST:
		fill_host(sample, i);
		break;
	case CSOCK_FIELD_PATH:
		fill_path(sample, i);
		break;
	case CSOCK_FIELD_UUID:
		fill_uuid(sample, i);
		break;
	default:
		fill_text(sample, i);
		break;
	}
}

/* The decoded value for one that was not given. */
static struct csock_value default_value(const struct csock_field *field)
{
	if (field->kind == CSOCK_FIELD_BYTES)
		return bytes("", 0);
	return integer(is_named(field, "scope") ? TIPC_CLUSTER_SCOPE : 0);
}

/* The cases in which decoding does not return the given values. */
static void expect_exceptions(struct sample *sample)
{
	const struct csock_field *first = &sample->row->fields[0];
	const struct csock_field *last = &sample->row->fields[sample->row->field_count - 1];
	struct csock_value *decoded = sample->decoded;

	if (is_named(first, "addr_type") && decoded[0].integer == TIPC_SERVICE_ADDR)
		decoded[3] = decoded[2];
	else if (is_named(first, "addr_type") && decoded[0].integer == TIPC_SOCKET_ADDR)
		decoded[3] = integer(0);
	/* Values that say no more than the shorter form are omitted. */
	else if (is_named(last, "bdaddr_type") && decoded[3].integer == BDADDR_TYPE_BREDR)
		sample->decoded_count = decoded[2].integer == 0 ? 2 : 3;
	else if (is_named(first, "device_id") && decoded[1].integer == HCI_CHANNEL_RAW)
		sample->decoded_count = 1;
}

void sample_fill(struct sample *sample, const struct csock_family *row, size_t count)
{
	sample->row = row;
	sample->count = count;
	sample->decoded_count = row->field_count;
	for (size_t i = 0; i < row->field_count; i++) {
		if (i < count)
			fill_value(sample, i);
		else
			sample->decoded[i] = default_value(&row->fields[i]);
	}
	expect_exceptions(sample);
}
