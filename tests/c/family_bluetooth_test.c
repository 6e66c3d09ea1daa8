/*
 * AF_BLUETOOTH on Linux: the bytes of each protocol, written here because no kernel header has the
 * structs.
 */
#include "support.h"

#include <endian.h>

/* From the kernel's include/net/bluetooth/bluetooth.h. */
enum {
	L2CAP = 0,
	HCI = 1,
	SCO = 2,
	RFCOMM = 3
};

#define DEVICE "12:34:56:78:9A:BC"
#define DEVICE_BYTES 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12

/* The family is in the machine's byte order, PSM and CID are in Bluetooth's. */
#if __BYTE_ORDER == __LITTLE_ENDIAN
#define NATIVE(low, high) low, high
#else
#define NATIVE(low, high) high, low
#endif
#define FAMILY_BYTES NATIVE(AF_BLUETOOTH, 0)

static void test_l2cap(void **state)
{
	static const unsigned char whole[] = {
		FAMILY_BYTES, 0x01, 0x10, DEVICE_BYTES, 0x45, 0x23, 2, 0,
	};
	static const unsigned char with_cid[] = {
		FAMILY_BYTES, 0x01, 0x10, DEVICE_BYTES, 0x45, 0x23, 0, 0,
	};
	static const unsigned char classic[] = {
		FAMILY_BYTES, 0x01, 0x10, DEVICE_BYTES, 0, 0, 0, 0,
	};
	const struct csock_value values[] = {text(DEVICE), integer(0x1001), integer(0x2345),
					     integer(2)};
	const struct csock_family *row = family_row(AF_BLUETOOTH, L2CAP);

	(void)state;
	struct csock_addr addr = address_of(whole, sizeof whole);
	assert_encodes(row, values, 4, whole, sizeof whole);
	assert_decodes(row, &addr, values, 4);
	assert_format(row, &addr, "('12:34:56:78:9A:BC', 4097, 9029, 2)");
	assert_encodes(row, values, 3, with_cid, sizeof with_cid);
	assert_encodes(row, values, 2, classic, sizeof classic);
	addr = address_of(with_cid, sizeof with_cid);
	assert_decodes(row, &addr, values, 3);
	assert_format(row, &addr, "('12:34:56:78:9A:BC', 4097, 9029)");
	/* BR/EDR without a channel has the short form. */
	addr = address_of(classic, sizeof classic);
	assert_decodes(row, &addr, values, 2);
	assert_format(row, &addr, "('12:34:56:78:9A:BC', 4097)");
	/*
	 * The channel came with Linux 2.6.28, and the type with 3.2. Before, addresses ended there.
	 */
	addr.length = 10;
	assert_decodes(row, &addr, values, 2);
	assert_shortest(row, &addr, addr.length);
	assert_range(row, values, 4, 1, 0, UINT16_MAX);
	assert_range(row, values, 4, 2, 0, UINT16_MAX);
	assert_range(row, values, 4, 3, 0, UINT8_MAX);
}

static void test_rfcomm(void **state)
{
	static const unsigned char whole[] = {FAMILY_BYTES, DEVICE_BYTES, 30, 0};
	const struct csock_value values[] = {text(DEVICE), integer(30)};
	const struct csock_family *row = family_row(AF_BLUETOOTH, RFCOMM);
	struct csock_addr addr = address_of(whole, sizeof whole);

	(void)state;
	assert_encodes(row, values, 2, whole, sizeof whole);
	assert_decodes(row, &addr, values, 2);
	assert_format(row, &addr, "('12:34:56:78:9A:BC', 30)");
	assert_shortest(row, &addr, 9);
	assert_range(row, values, 2, 1, 0, UINT8_MAX);
}

static void test_sco(void **state)
{
	static const unsigned char whole[] = {FAMILY_BYTES, DEVICE_BYTES};
	const struct csock_value values[] = {text(DEVICE), bytes(DEVICE " and more", 17)};
	const struct csock_family *row = family_row(AF_BLUETOOTH, SCO);
	struct csock_addr addr = address_of(whole, sizeof whole);

	(void)state;
	/* Of all Bluetooth addresses only this one may be bytes, as in its older form. */
	assert_encodes(row, &values[0], 1, whole, sizeof whole);
	assert_encodes(row, &values[1], 1, whole, sizeof whole);
	assert_decodes(row, &addr, values, 1);
	assert_format(row, &addr, "'12:34:56:78:9A:BC'");
	assert_shortest(row, &addr, sizeof whole);
}

static void test_hci(void **state)
{
	static const unsigned char raw[] = {FAMILY_BYTES, NATIVE(3, 1), NATIVE(0, 0)};
	static const unsigned char user[] = {FAMILY_BYTES, NATIVE(3, 1), NATIVE(1, 0)};
	const struct csock_value values[] = {integer(0x103), integer(1)};
	const struct csock_value with_raw[] = {integer(0x103), integer(0)};
	const struct csock_family *row = family_row(AF_BLUETOOTH, HCI);

	(void)state;
	struct csock_addr addr = address_of(user, sizeof user);
	assert_encodes(row, values, 2, user, sizeof user);
	assert_decodes(row, &addr, values, 2);
	assert_format(row, &addr, "(259, 1)");
	/* Without a channel the raw channel is meant. */
	addr = address_of(raw, sizeof raw);
	assert_encodes(row, values, 1, raw, sizeof raw);
	assert_encodes(row, with_raw, 2, raw, sizeof raw);
	assert_decodes(row, &addr, values, 1);
	assert_format(row, &addr, "259");
	addr.length = 4;
	assert_decodes(row, &addr, values, 1);
	assert_shortest(row, &addr, addr.length);
	/* -1 means no device. */
	assert_range(row, values, 2, 0, -1, UINT16_MAX);
	assert_range(row, values, 2, 1, 0, UINT16_MAX);
}

static void test_no_hci_device(void **state)
{
	static const unsigned char none[] = {FAMILY_BYTES, 0xff, 0xff, 0, 0};
	const struct csock_family *row = family_row(AF_BLUETOOTH, HCI);
	const struct csock_value minus_one = integer(-1), all_bits = integer(0xffff);
	struct csock_addr addr = address_of(none, sizeof none);

	(void)state;
	assert_encodes(row, &minus_one, 1, none, sizeof none);
	assert_encodes(row, &all_bits, 1, none, sizeof none);
	assert_decodes(row, &addr, &all_bits, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_l2cap),         cmocka_unit_test(test_rfcomm),
		cmocka_unit_test(test_sco),           cmocka_unit_test(test_hci),
		cmocka_unit_test(test_no_hci_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
