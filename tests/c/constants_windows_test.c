/* SPDX-License-Identifier: MIT */
/* Constants of Windows: their sign and width. */
#include "support.h"

static void test_sign_and_width(void **state)
{
	(void)state;
	assert_constant("INADDR_NONE", -1);
	assert_constant("SO_EXCLUSIVEADDRUSE", -5);
	assert_constant("SIO_RCVALL", INT64_C(2550136833));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sign_and_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
