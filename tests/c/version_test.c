/*
 * The version: of the project, of the headers, and of the library.
 */
#include "support.h"

#include <stdio.h>

static void test_one_version(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(CSOCK_VERSION_TEXT, PROJECT_VERSION);
	assert_string_equal(csock_version_text(), CSOCK_VERSION_TEXT);
	assert_int_equal(csock_version(), CSOCK_VERSION);
	snprintf(text, sizeof text, "%d.%d.%d", csock_version() >> 16, csock_version() >> 8 & 255,
		 csock_version() & 255);
	assert_string_equal(text, PROJECT_VERSION);
}

/* A program can choose when it is compiled. */
#if CSOCK_VERSION >= CSOCK_VERSION_NUMBER(99, 0, 0) || CSOCK_VERSION < 1
#error "the preprocessor compares versions wrongly"
#endif

static void test_order(void **state)
{
	(void)state;
	assert_true(CSOCK_VERSION_NUMBER(0, 1, 255) < CSOCK_VERSION_NUMBER(0, 2, 0));
	assert_true(CSOCK_VERSION_NUMBER(0, 255, 255) < CSOCK_VERSION_NUMBER(1, 0, 0));
	assert_true(CSOCK_VERSION_NUMBER(1, 2, 3) == CSOCK_VERSION_NUMBER(1, 2, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_version),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
