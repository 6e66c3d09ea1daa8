/*
 * AF_QIPCRTR: the bytes are those of the kernel's struct.
 */
#include "support.h"

#include <string.h>

#include <linux/qrtr.h>

static void test_bytes(void **state)
{
	const struct csock_value values[] = {integer(0x12345678), integer(QRTR_PORT_CTRL)};
	const struct csock_value negative[] = {integer(0x12345678), integer(-2)};
	const struct csock_family *row = family_row(AF_QIPCRTR, CSOCK_ANY_PROTOCOL);
	struct sockaddr_qrtr qrtr;

	(void)state;
	memset(&qrtr, 0, sizeof qrtr);
	qrtr.sq_family = AF_QIPCRTR;
	qrtr.sq_node = 0x12345678;
	qrtr.sq_port = QRTR_PORT_CTRL;
	struct csock_addr addr = address_of(&qrtr, sizeof qrtr);
	assert_encodes(row, values, 2, &qrtr, sizeof qrtr);
	assert_encodes(row, negative, 2, &qrtr, sizeof qrtr);
	assert_decodes(row, &addr, values, 2);
	assert_format(row, &addr, "(305419896, 4294967294)");
	assert_shortest(row, &addr, sizeof qrtr);
	assert_range(row, values, 2, 0, INT32_MIN, UINT32_MAX);
	assert_range(row, values, 2, 1, INT32_MIN, UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
