/*
 * Statuses and deadlines.
 */
#include "support.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static void test_success_is_not_negative(void **state)
{
	(void)state;
	assert_domain(0, CSOCK_SUCCESS);
	assert_domain(4096, CSOCK_SUCCESS);
	assert_int_equal(csock_status_code(17), 0);
	assert_false(csock_status_would_wait(0));
}

static void test_every_domain_keeps_its_code(void **state)
{
	static const int codes[] = {0, 1, EAGAIN, 133, 4095, EAI_NONAME, EAI_FAMILY, -32768, 32767};

	(void)state;
	for (int domain = CSOCK_SYSTEM; domain < CSOCK_REFUSED; domain++) {
		for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
			int status = csock_status_make((enum csock_domain)domain, codes[i]);
			assert_true(status < 0);
			assert_domain(status, (enum csock_domain)domain);
			assert_int_equal(csock_status_code(status), codes[i]);
		}
	}
}

static void test_refusals_name_their_field(void **state)
{
	(void)state;
	for (int refusal = CSOCK_REFUSED_FAMILY; refusal <= CSOCK_REFUSED_SIZE; refusal++)
		for (unsigned int field = 0; field < CSOCK_VALUES_MAX; field++)
			assert_refused(csock_status_refuse((enum csock_refusal)refusal, field),
				       (enum csock_refusal)refusal, field);
}

static void test_texts_fit_any_buffer(void **state)
{
	char text[64];

	(void)state;
	for (int domain = CSOCK_SYSTEM; domain <= CSOCK_ENDED; domain++) {
		int status = csock_status_make((enum csock_domain)domain, 2);
		for (size_t size = 1; size <= sizeof text; size++) {
			memset(text, '#', sizeof text);
			assert_ptr_equal(csock_status_text(status, text, size), text);
			assert_true(strlen(text) < size);
		}
		assert_true(strlen(text) > 0);
	}
}

static void test_deadlines(void **state)
{
	int64_t now = csock_clock();

	(void)state;
	assert_true(csock_deadline_after(0) == CSOCK_NOW);
	assert_true(csock_deadline_after(-1) == CSOCK_NEVER);
	assert_true(csock_deadline_after(1) > now);
	/* A sum beyond the range is a late deadline, but not CSOCK_NEVER. */
	assert_true(csock_deadline_after(INT64_MAX) == CSOCK_NEVER - 1);
}

/* Values that the library never makes, but a caller may pass on. */
static void test_every_int_is_a_status(void **state)
{
	static const int odd[] = {INT_MIN, INT_MIN + 1, -1, INT_MAX};
	char text[16];

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		(void)csock_status_code(odd[i]);
		(void)csock_status_field(odd[i]);
		assert_false(csock_status_would_wait(odd[i]));
		assert_true(strlen(csock_status_text(odd[i], text, sizeof text)) < sizeof text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_success_is_not_negative),
		cmocka_unit_test(test_every_domain_keeps_its_code),
		cmocka_unit_test(test_refusals_name_their_field),
		cmocka_unit_test(test_texts_fit_any_buffer),
		cmocka_unit_test(test_deadlines),
		cmocka_unit_test(test_every_int_is_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
