/*
 * AF_BLUETOOTH: the text of a device's address, for each protocol that the system has.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#define DEVICE "12:34:56:78:9A:BC"

typedef void check_row(const struct csock_family *row);

static void for_each_row(check_row *check)
{
	const struct csock_family *row;
	int count = 0;

	for (size_t i = 0; (row = csock_family_at(i)); i++)
		if (row->family == AF_BLUETOOTH && strcmp(row->fields[0].name, "bdaddr") == 0) {
			check(row);
			count++;
		}
	assert_true(count > 0);
}

static void check_good_texts(const struct csock_family *row)
{
	static const struct {
		const char *given, *decoded;
	} texts[] = {
		{"00:00:00:00:00:00", "00:00:00:00:00:00"},
		{"ff:FF:fF:Ff:ff:ff", "FF:FF:FF:FF:FF:FF"},
		{"1:2:3:4:5:6", "01:02:03:04:05:06"},
		{"a:b:c:D:E:F", "0A:0B:0C:0D:0E:0F"},
		{"0:00:1:01:10:a0", "00:00:01:01:10:A0"},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct csock_value given[] = {text(texts[i].given), integer(1)};
		const struct csock_value decoded[] = {text(texts[i].decoded), integer(1)};
		struct csock_addr addr = encoded(row, given, row->required);
		assert_decodes(row, &addr, decoded, row->required);
	}
}

static void test_good_texts(void **state)
{
	(void)state;
	for_each_row(check_good_texts);
}

static void check_bad_texts(const struct csock_family *row)
{
	static const char *const texts[] = {
		"",
		":",
		":::::",
		"12",
		"12:34:56:78:9A",
		"12:34:56:78:9A:",
		"12:34:56:78:9A:BC:",
		"12:34:56:78:9A:BC:DE",
		"12:34:56:78:9A:BCD",
		"123:34:56:78:9A:BC",
		"012:34:56:78:9A:BC",
		"12:34:56:78:9A:BG",
		"12:34::78:9A:BC",
		":12:34:56:78:9A:BC",
		"12-34-56-78-9A-BC",
		"123456789ABC",
		" 12:34:56:78:9A:BC",
		"12:34:56:78:9A:BC ",
		"12:34:56:78:9A:-1",
		"12:34:56:78:9A:+1",
		"12:34:56:78:9A:0x1",
		"12:34:56:78:9A:\xff",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct csock_value values[] = {text(texts[i]), integer(1)};
		assert_encode_refused(row, values, row->required, CSOCK_REFUSED_SYNTAX, 0);
	}
}

static void test_bad_texts(void **state)
{
	(void)state;
	for_each_row(check_bad_texts);
}

/* The length ends a text: each shorter beginning is refused, and nothing beyond is read. */
static void check_texts_cut_short(const struct csock_family *row)
{
	struct csock_value values[] = {text(""), integer(1)};

	values[0].data = NULL;
	assert_encode_refused(row, values, row->required, CSOCK_REFUSED_SYNTAX, 0);
	for (size_t length = 0; length < strlen(DEVICE) - 1; length++) {
		/* Exactly this size, without the final zero. */
		char *exact = malloc(length > 0 ? length : 1);
		assert_non_null(exact);
		memcpy(exact, DEVICE, length);
		values[0].data = exact;
		values[0].length = length;
		assert_encode_refused(row, values, row->required, CSOCK_REFUSED_SYNTAX, 0);
		free(exact);
	}
}

static void test_texts_cut_short(void **state)
{
	(void)state;
	for_each_row(check_texts_cut_short);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_texts),
		cmocka_unit_test(test_bad_texts),
		cmocka_unit_test(test_texts_cut_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
