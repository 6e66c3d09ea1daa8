/* SPDX-License-Identifier: MIT */
/* Constants of Linux: their sign and width. */
#include "support.h"

static void test_sign_and_width(void **state)
{
	(void)state;
	assert_constant("INADDR_NONE", INT64_C(4294967295));
	assert_constant("CAN_EFF_FLAG", INT64_C(2147483648));
	assert_constant("TIPC_WAIT_FOREVER", -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sign_and_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
