/*
 * Statuses whose code is an errno.
 */
#include "support.h"

#include <errno.h>
#include <netdb.h>

static void test_would_wait(void **state)
{
	(void)state;
	assert_true(csock_status_would_wait(csock_status_make(CSOCK_SYSTEM, EAGAIN)));
	assert_true(csock_status_would_wait(csock_status_make(CSOCK_WOULD_WAIT, 0)));
	assert_false(csock_status_would_wait(csock_status_make(CSOCK_SYSTEM, EINPROGRESS)));
	assert_false(csock_status_would_wait(csock_status_make(CSOCK_TIMEOUT, 0)));
}

static void test_text(void **state)
{
	char text[CSOCK_STATUS_TEXT_MAX];

	(void)state;
	csock_status_text(csock_status_make(CSOCK_SYSTEM, ENOENT), text, sizeof text);
	assert_string_equal(text, "No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_would_wait),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
