/* SPDX-License-Identifier: MIT */
/* The table of constants: its order, the lookup, and the values in the headers. */

#include "support.h"

#include <string.h>

#include "header_constants.h"

static void assert_text(const char *name, const char *value)
{
	struct csock_constant found;

	assert_true(csock_constant_find(name, &found));
	assert_string_equal(found.name, name);
	assert_int_equal(found.kind, CSOCK_CONSTANT_TEXT);
	assert_int_equal(found.integer, 0);
	assert_string_equal(found.text, value);
}

static void test_sorted_without_duplicates(void **state)
{
	(void)state;
	struct csock_constant before, constant;

	assert_true(csock_constant_at(0, &before));
	for (size_t i = 1; csock_constant_at(i, &constant); i++) {
		if (strcmp(before.name, constant.name) >= 0)
			fail_msg("%s stands before %s", before.name, constant.name);
		before = constant;
	}
}

static void test_every_entry_is_found(void **state)
{
	(void)state;
	struct csock_constant constant, found;

	for (size_t i = 0; csock_constant_at(i, &constant); i++) {
		assert_true(csock_constant_find(constant.name, NULL));
		assert_true(csock_constant_find(constant.name, &found));
		assert_ptr_equal(found.name, constant.name);
	}
}

static void test_value_is_of_the_kind(void **state)
{
	(void)state;
	struct csock_constant constant;

	for (size_t i = 0; csock_constant_at(i, &constant); i++) {
		if (constant.kind == CSOCK_CONSTANT_TEXT) {
			assert_non_null(constant.text);
			assert_int_equal(constant.integer, 0);
		} else {
			assert_int_equal(constant.kind, CSOCK_CONSTANT_INTEGER);
			assert_null(constant.text);
		}
	}
}

/*
 * Architectures and C libraries have different numbers for some names: the table must have those
 * that the compiler sees here. A wrong number in a list is found once the headers have the name.
 */
static size_t count_disagreements(const struct header_constant *header)
{
	size_t disagreements = 0;
	size_t count = 0;

	for (; header[count].name != NULL; count++) {
		struct csock_constant found;

		assert_true(csock_constant_find(header[count].name, &found));
		assert_int_equal(found.kind, CSOCK_CONSTANT_INTEGER);
		if (found.integer == header[count].value ||
		    differs_on_purpose(&header[count], found.integer))
			continue;
		print_error("%s is %lld, not %lld\n", header[count].name, (long long)found.integer,
			    (long long)header[count].value);
		disagreements++;
	}
	print_message("%d constants compared\n", (int)count);
	assert_true(count > 0);
	return disagreements;
}

static void test_agrees_with_headers(void **state)
{
	(void)state;
	for (size_t i = 0; header_tables[i]; i++)
		assert_int_equal(count_disagreements(header_tables[i]), 0);
}

static void test_text(void **state)
{
	(void)state;
	assert_text("BDADDR_ANY", "00:00:00:00:00:00");
	assert_text("BDADDR_LOCAL", "00:00:00:FF:FF:FF");
}

static void test_unknown_names(void **state)
{
	(void)state;
	struct csock_constant unchanged = {.name = "unchanged"};
	const char *unknown[] = {"",        "AF_",      "AF_INET66", "AF_INE",
				 "af_inet", " AF_INET", "\xff",      "~"};

	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_false(csock_constant_find(unknown[i], &unchanged));
	assert_string_equal(unchanged.name, "unchanged");
}

/* The first index that has no constant. */
static size_t end_of_table(void)
{
	struct csock_constant constant;
	size_t end = 0;

	while (csock_constant_at(end, &constant))
		end++;
	return end;
}

/* Names outside of the table's range, as the lookup of unknown names wants them, and indexes. */
static void test_the_ends(void **state)
{
	(void)state;
	struct csock_constant constant = {.name = "unchanged"};
	size_t end = end_of_table();

	assert_false(csock_constant_at(end, &constant));
	assert_false(csock_constant_at(SIZE_MAX, &constant));
	assert_string_equal(constant.name, "unchanged");
	assert_true(csock_constant_at(0, &constant));
	assert_true(strcmp("", constant.name) < 0);
	assert_true(csock_constant_at(end - 1, &constant));
	assert_true(strcmp("~", constant.name) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorted_without_duplicates),
		cmocka_unit_test(test_every_entry_is_found),
		cmocka_unit_test(test_value_is_of_the_kind),
		cmocka_unit_test(test_agrees_with_headers),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_the_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
