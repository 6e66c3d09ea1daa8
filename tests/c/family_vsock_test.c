/*
 * AF_VSOCK: the bytes are those of the kernel's struct.
 */
#include "support.h"

#include <string.h>

#include <linux/vm_sockets.h>

static const struct csock_family *row(void)
{
	return family_row(AF_VSOCK, CSOCK_ANY_PROTOCOL);
}

static struct sockaddr_vm vsock_address(uint32_t cid, uint32_t port)
{
	struct sockaddr_vm vm;

	memset(&vm, 0, sizeof vm);
	vm.svm_family = AF_VSOCK;
	vm.svm_cid = cid;
	vm.svm_port = port;
	return vm;
}

static void test_bytes(void **state)
{
	const struct csock_value values[] = {integer(VMADDR_CID_HOST), integer(0x12345678)};
	struct sockaddr_vm vm = vsock_address(VMADDR_CID_HOST, 0x12345678);
	struct csock_addr addr = address_of(&vm, sizeof vm);

	(void)state;
	assert_encodes(row(), values, 2, &vm, sizeof vm);
	assert_decodes(row(), &addr, values, 2);
	assert_format(row(), &addr, "(2, 305419896)");
	/* Before Linux 5.11 there were no flags. */
	addr.length = offsetof(struct sockaddr_vm, svm_port) + 8;
	assert_decodes(row(), &addr, values, 2);
	assert_shortest(row(), &addr, addr.length);
	assert_range(row(), values, 2, 0, INT32_MIN, UINT32_MAX);
	assert_range(row(), values, 2, 1, INT32_MIN, UINT32_MAX);
}

static void test_any_is_minus_one(void **state)
{
	const struct csock_value negative[] = {integer(-1), integer(-1)};
	const struct csock_value values[] = {integer(UINT32_MAX), integer(UINT32_MAX)};
	struct sockaddr_vm vm = vsock_address(VMADDR_CID_ANY, VMADDR_PORT_ANY);
	struct csock_addr addr = address_of(&vm, sizeof vm);

	(void)state;
	assert_encodes(row(), negative, 2, &vm, sizeof vm);
	assert_encodes(row(), values, 2, &vm, sizeof vm);
	assert_decodes(row(), &addr, values, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_any_is_minus_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
