/*
 * The names of protocols. Windows has AF_UNIX, but not its name, which stock does not have there.
 */
#include "support.h"

#include <string.h>

/* The names in the table have the numbers of the lists of constants. */
static void test_names_and_numbers(void **state)
{
	const struct csock_protocol *protocol;

	(void)state;
	for (size_t i = 0; (protocol = csock_protocol_at(i)); i++) {
		bool is_type = strncmp(protocol->name, "SOCK_", 5) == 0;
		assert_constant(protocol->family_name, protocol->family);
		assert_constant(protocol->name, is_type ? protocol->type : protocol->protocol);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
