/*
 * Every row of the family table: it is found, decodes what it encoded, names the field that it
 * refuses, and reads no byte past the address.
 */
#include "sample.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 300
#define FORMAT_MAX 1024

typedef void check_row(const struct csock_family *row);

static void for_each_row(check_row *check)
{
	const struct csock_family *row;

	for (size_t i = 0; (row = csock_family_at(i)); i++)
		check(row);
}

/* The largest and the smallest number of values, in turn. */
static size_t some_count(const struct csock_family *row, size_t round)
{
	return row->required + round % (row->field_count - row->required + 1);
}

/* The kernel returns addresses with the row's own number, even if it accepts another one too. */
static struct csock_addr sample_address(const struct sample *sample)
{
	struct csock_addr addr = encoded(sample->row, sample->values, sample->count);
	sa_family_t family = (sa_family_t)sample->row->family;

	memcpy(addr.raw.bytes, &family, sizeof family);
	return addr;
}

static void check_description(const struct csock_family *row)
{
	bool is_open = false;
	const struct csock_protocol *protocol;

	assert_ptr_equal(csock_family_find(row->family, row->protocol), row);
	assert_memory_equal(row->name, "AF_", 3);
	assert_true(strlen(row->form) > 0);
	/* A protocol can lack a row only where each row has one protocol: a message says so. */
	assert_int_equal(!row->unknown_protocol, row->protocol == CSOCK_ANY_PROTOCOL);
	assert_string_equal(csock_family_missing_text(row->family),
			    row->unknown_protocol ? row->unknown_protocol : "bad family");
	assert_true(row->required >= 1);
	assert_true(row->required <= row->field_count);
	assert_true(row->field_count <= CSOCK_VALUES_MAX);
	assert_true(row->minimum_length >= CSOCK_ADDRESS_HEADER);
	assert_true(row->minimum_length <= CSOCK_ADDRESS_MAX);
	for (size_t i = 0; i < row->field_count; i++) {
		assert_true(strlen(row->fields[i].name) > 0);
		for (size_t other = 0; other < i; other++)
			assert_string_not_equal(row->fields[i].name, row->fields[other].name);
	}
	for (size_t i = 0; (protocol = csock_protocol_at(i)); i++)
		is_open |= protocol->family == row->family &&
			   strcmp(protocol->family_name, row->name) == 0 &&
			   (row->protocol == CSOCK_ANY_PROTOCOL ||
			    row->protocol == protocol->protocol);
	assert_true(is_open);
}

static void test_descriptions(void **state)
{
	(void)state;
	assert_non_null(csock_family_at(2));
	assert_null(csock_family_at(SIZE_MAX));
	for_each_row(check_description);
	assert_null(csock_family_find(AF_UNSPEC, 0));
	assert_null(csock_family_find(-1, CSOCK_ANY_PROTOCOL));
	assert_string_equal(csock_family_missing_text(-1), "bad family");
}

static void check_stands_alone(const struct csock_family *row)
{
	bool one = csock_family_stands_alone(row, 1), two = csock_family_stands_alone(row, 2);

	assert_int_equal(one, row->shape != CSOCK_SHAPE_TUPLE);
	assert_int_equal(two, row->shape == CSOCK_SHAPE_SCALAR);
	if (row->shape == CSOCK_SHAPE_SCALAR)
		assert_int_equal(row->field_count, 1);
}

static void test_shapes(void **state)
{
	(void)state;
	for_each_row(check_stands_alone);
}

static void check_round_trips(const struct csock_family *row)
{
	for (size_t round = 0; round < ROUNDS; round++) {
		struct sample sample;
		sample_fill(&sample, row, some_count(row, round));
		struct csock_addr addr = sample_address(&sample);
		assert_int_equal(csock_addr_family(&addr), row->family);
		assert_decodes(row, &addr, sample.decoded, sample.decoded_count);
		/* The decoded values encode to the same address. */
		struct csock_addr again = encoded(row, sample.decoded, sample.decoded_count);
		assert_int_equal(again.length, addr.length);
		assert_decodes(row, &again, sample.decoded, sample.decoded_count);
	}
}

static void test_round_trips(void **state)
{
	(void)state;
	for_each_row(check_round_trips);
}

static void check_counts(const struct csock_family *row)
{
	struct csock_value many[CSOCK_VALUES_MAX + 1] = {0};
	struct sample sample;

	sample_fill(&sample, row, row->field_count);
	memcpy(many, sample.values, sizeof sample.values);
	for (size_t count = 0; count <= CSOCK_VALUES_MAX + 1; count++)
		if (count < row->required || count > row->field_count)
			assert_encode_refused(row, many, count, CSOCK_REFUSED_COUNT, 0);
	assert_encode_refused(NULL, many, row->field_count, CSOCK_REFUSED_FAMILY, 0);
}

static void test_too_few_and_too_many(void **state)
{
	(void)state;
	for_each_row(check_counts);
}

/* All values are valid except the given one. */
static void refuse_value(const struct csock_family *row, size_t field,
			 const struct csock_value *value, enum csock_refusal refusal)
{
	struct sample sample;

	sample_fill(&sample, row, row->field_count);
	sample.values[field] = *value;
	assert_encode_refused(row, sample.values, sample.count, refusal, (unsigned int)field);
}

static void check_kinds(const struct csock_family *row)
{
	const struct csock_value values[] = {
		{.kind = CSOCK_VALUE_NONE},
		integer(1),
		text("1"),
		bytes("1", 1),
	};

	for (size_t field = 0; field < row->field_count; field++)
		for (size_t i = 0; i < sizeof values / sizeof *values; i++)
			if (!sample_takes(&row->fields[field], values[i].kind))
				refuse_value(row, field, &values[i], CSOCK_REFUSED_KIND);
}

static void test_wrong_kinds(void **state)
{
	(void)state;
	for_each_row(check_kinds);
}

static void refuse_integer(const struct csock_family *row, size_t field, int64_t number)
{
	const struct csock_value value = integer(number);

	refuse_value(row, field, &value, CSOCK_REFUSED_RANGE);
}

static void check_ranges(const struct csock_family *row)
{
	for (size_t i = 0; i < row->field_count; i++) {
		const struct csock_field *field = &row->fields[i];
		if (field->kind != CSOCK_FIELD_INTEGER)
			continue;
		assert_true(field->maximum > INT64_MAX || field->minimum < (int64_t)field->maximum);
		/* An unsigned field of 64 bits accepts every number. */
		if (field->maximum == UINT64_MAX)
			continue;
		if (field->minimum > INT64_MIN) {
			refuse_integer(row, i, field->minimum - 1);
			refuse_integer(row, i, INT64_MIN);
		}
		if (field->maximum < INT64_MAX) {
			refuse_integer(row, i, (int64_t)field->maximum + 1);
			refuse_integer(row, i, INT64_MAX);
		}
	}
}

static void test_out_of_range(void **state)
{
	(void)state;
	for_each_row(check_ranges);
}

static void check_lengths(const struct csock_family *row)
{
	char much[SAMPLE_TEXT_MAX * 8];

	memset(much, 'x', sizeof much);
	for (size_t i = 0; i < row->field_count; i++) {
		size_t longest = sample_longest(row, &row->fields[i]);
		struct csock_value value = bytes(much, longest + 1);
		if (longest == 0)
			continue;
		if (!sample_takes(&row->fields[i], CSOCK_VALUE_BYTES))
			value.kind = CSOCK_VALUE_TEXT;
		refuse_value(row, i, &value, CSOCK_REFUSED_TOO_LONG);
		value.length = sizeof much;
		refuse_value(row, i, &value, CSOCK_REFUSED_TOO_LONG);
	}
}

static void test_too_long(void **state)
{
	(void)state;
	for_each_row(check_lengths);
}

static void check_zero_bytes(const struct csock_family *row)
{
	for (size_t i = 0; i < row->field_count; i++) {
		struct csock_value value = bytes("a\0b", 3);
		if (!sample_takes(&row->fields[i], CSOCK_VALUE_TEXT))
			continue;
		if (sample_takes(&row->fields[i], CSOCK_VALUE_BYTES))
			refuse_value(row, i, &value, CSOCK_REFUSED_NUL);
		value.kind = CSOCK_VALUE_TEXT;
		refuse_value(row, i, &value, CSOCK_REFUSED_NUL);
	}
}

static void test_zero_bytes(void **state)
{
	(void)state;
	for_each_row(check_zero_bytes);
}

/* Uses memory that ends with the address, so that ASan finds a read past it. */
static void decode_cut(const struct csock_family *row, const struct csock_addr *whole,
		       uint32_t length)
{
	struct csock_addr *cut = cut_address(whole, length);
	struct csock_socket sock = socket_of(row);
	struct csock_values decoded;
	char buffer[FORMAT_MAX];
	int result = csock_addr_decode(cut, &sock, &decoded);

	if (length < CSOCK_ADDRESS_HEADER) {
		assert_refused(result, CSOCK_REFUSED_FAMILY, 0);
		assert_null(csock_addr_form(cut, &sock));
	} else if (length < row->minimum_length) {
		assert_refused(result, CSOCK_REFUSED_SIZE, 0);
	} else {
		assert_true(result > 0);
		assert_true((size_t)result <= row->field_count);
		assert_ptr_equal(csock_addr_form(cut, &sock), row);
	}
	assert_ptr_equal(csock_addr_format(cut, &sock, buffer, sizeof buffer), buffer);
	assert_true(csock_addr_equal(cut, cut));
	free(cut);
}

static void check_cuts(const struct csock_family *row)
{
	for (size_t count = row->required; count <= row->field_count; count++) {
		struct sample sample;
		sample_fill(&sample, row, count);
		struct csock_addr addr = sample_address(&sample);
		assert_true(addr.length >= row->minimum_length);
		for (uint32_t length = 0; length <= addr.length; length++)
			decode_cut(row, &addr, length);
	}
}

static void test_every_length_in_its_own_memory(void **state)
{
	(void)state;
	for_each_row(check_cuts);
}

/* Addresses that go on beyond the row's struct, with all bits set, up to the maximum length. */
static void check_long_addresses(const struct csock_family *row)
{
	struct csock_socket sock = socket_of(row);
	struct csock_values decoded;
	struct sample sample;

	sample_fill(&sample, row, row->field_count);
	struct csock_addr addr = sample_address(&sample);
	memset(addr.raw.bytes + addr.length, 0xff, sizeof addr.raw - addr.length);
	for (uint32_t length = addr.length; length <= CSOCK_ADDRESS_MAX; length++)
		decode_cut(row, &addr, length);
	addr.length = CSOCK_ADDRESS_MAX + 1;
	assert_refused(csock_addr_decode(&addr, &sock, &decoded), CSOCK_REFUSED_SIZE, 0);
	addr.length = UINT32_MAX;
	assert_refused(csock_addr_decode(&addr, &sock, &decoded), CSOCK_REFUSED_SIZE, 0);
}

static void test_longer_addresses(void **state)
{
	(void)state;
	for_each_row(check_long_addresses);
}

/* If the form depends on the protocol, only a socket tells the protocol. */
static void check_form(const struct csock_family *row)
{
	bool needs_protocol = row->protocol != CSOCK_ANY_PROTOCOL;
	struct csock_socket other = socket_of(row);
	struct sample sample;

	sample_fill(&sample, row, row->required);
	struct csock_addr addr = sample_address(&sample);
	assert_ptr_equal(csock_addr_form(&addr, NULL), needs_protocol ? NULL : row);
	other.protocol = 250;
	assert_ptr_equal(csock_addr_form(&addr, &other), needs_protocol ? NULL : row);
}

static void test_forms_by_protocol(void **state)
{
	(void)state;
	for_each_row(check_form);
}

static void check_text(const struct csock_family *row)
{
	struct csock_socket sock = socket_of(row);
	char whole[FORMAT_MAX];
	struct sample sample;

	sample_fill(&sample, row, row->field_count);
	struct csock_addr addr = sample_address(&sample);
	csock_addr_format(&addr, &sock, whole, sizeof whole);
	bool alone = csock_family_stands_alone(row, sample.decoded_count);
	assert_int_equal(whole[0] == '(', !alone);
	assert_int_equal(whole[strlen(whole) - 1] == ')', !alone);
	for (size_t size = 0; size <= strlen(whole) + 1; size++) {
		char *buffer = malloc(size + 1);
		assert_non_null(buffer);
		buffer[size] = '#';
		assert_ptr_equal(csock_addr_format(&addr, &sock, buffer, size), buffer);
		assert_int_equal(buffer[size], '#');
		if (size > 0) {
			assert_int_equal(strlen(buffer), size - 1);
			assert_memory_equal(buffer, whole, size - 1);
		}
		free(buffer);
	}
}

static void test_text_of_every_size(void **state)
{
	(void)state;
	for_each_row(check_text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptions),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_too_few_and_too_many),
		cmocka_unit_test(test_wrong_kinds),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_zero_bytes),
		cmocka_unit_test(test_every_length_in_its_own_memory),
		cmocka_unit_test(test_longer_addresses),
		cmocka_unit_test(test_forms_by_protocol),
		cmocka_unit_test(test_text_of_every_size),
	};

	return cmocka_run_group_tests(tests, sample_seed, NULL);
}
