/* SPDX-License-Identifier: MIT */
/* The table of constants: its order, the lookup, and the values in the headers. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "csocket/constants.h"
#include "header_constants.h"

static void assert_integer(const char *name, int64_t value)
{
	const struct csock_constant *found = csock_constant_find(name);

	if (found == NULL)
		fail_msg("%s is not in the table", name);
	assert_string_equal(found->name, name);
	assert_int_equal(found->kind, CSOCK_CONSTANT_INTEGER);
	assert_null(found->text);
	if (found->integer != value)
		fail_msg("%s is %lld, not %lld", name, (long long)found->integer, (long long)value);
}

static void assert_text(const char *name, const char *value)
{
	const struct csock_constant *found = csock_constant_find(name);

	assert_non_null(found);
	assert_string_equal(found->name, name);
	assert_int_equal(found->kind, CSOCK_CONSTANT_TEXT);
	assert_int_equal(found->integer, 0);
	assert_string_equal(found->text, value);
}

static void test_sorted_without_duplicates(void **state)
{
	(void)state;
	size_t count = 0;
	const struct csock_constant *table = csock_constant_table(&count);

	assert_true(count > 0);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(table[i - 1].name, table[i].name) >= 0)
			fail_msg("%s stands before %s", table[i - 1].name, table[i].name);
	}
}

static void test_every_entry_is_found(void **state)
{
	(void)state;
	size_t count = 0;
	const struct csock_constant *table = csock_constant_table(&count);

	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(csock_constant_find(table[i].name), &table[i]);
}

static void test_value_is_of_the_kind(void **state)
{
	(void)state;
	size_t count = 0;
	const struct csock_constant *table = csock_constant_table(&count);

	for (size_t i = 0; i < count; i++) {
		if (table[i].kind == CSOCK_CONSTANT_TEXT) {
			assert_non_null(table[i].text);
			assert_int_equal(table[i].integer, 0);
		} else {
			assert_int_equal(table[i].kind, CSOCK_CONSTANT_INTEGER);
			assert_null(table[i].text);
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
		const struct csock_constant *found = csock_constant_find(header[count].name);

		assert_non_null(found);
		assert_int_equal(found->kind, CSOCK_CONSTANT_INTEGER);
		if (found->integer == header[count].value)
			continue;
		print_error("%s is %lld, not %lld\n", header[count].name, (long long)found->integer,
			    (long long)header[count].value);
		disagreements++;
	}
	print_message("%zu constants compared\n", count);
	assert_true(count > 0);
	return disagreements;
}

static void test_agrees_with_libc_headers(void **state)
{
	(void)state;
	assert_int_equal(count_disagreements(libc_header_constants), 0);
}

static void test_agrees_with_kernel_headers(void **state)
{
	(void)state;
	assert_int_equal(count_disagreements(kernel_header_constants), 0);
}

static void test_sign_and_width(void **state)
{
	(void)state;
	assert_integer("INADDR_NONE", INT64_C(4294967295));
	assert_integer("CAN_EFF_FLAG", INT64_C(2147483648));
	assert_integer("TIPC_WAIT_FOREVER", -1);
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
	size_t count = 0;
	const struct csock_constant *table = csock_constant_table(&count);
	const char *unknown[] = {"",        "AF_",      "AF_INET66", "AF_INE",
				 "af_inet", " AF_INET", "\xff",      "~"};

	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_null(csock_constant_find(unknown[i]));
	assert_true(strcmp("", table[0].name) < 0);
	assert_true(strcmp("~", table[count - 1].name) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorted_without_duplicates),
		cmocka_unit_test(test_every_entry_is_found),
		cmocka_unit_test(test_value_is_of_the_kind),
		cmocka_unit_test(test_agrees_with_libc_headers),
		cmocka_unit_test(test_agrees_with_kernel_headers),
		cmocka_unit_test(test_sign_and_width),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_unknown_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
