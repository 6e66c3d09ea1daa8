/*
 * AF_HYPERV, and AF_BLUETOOTH as Windows has it: the bytes, and the text of a UUID.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

/* From ws2bth.h and hvsocket.h of the Windows SDK. */
enum {
	RFCOMM = 3,
	HYPERV_RAW = 1
};

#define ZEROS_8 0, 0, 0, 0, 0, 0, 0, 0
#define DEVICE_BYTES 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12
/* No service, but a channel. */
#define RFCOMM_BYTES(...)                                                                          \
	{                                                                                          \
		AF_BLUETOOTH, 0, DEVICE_BYTES, 0, 0, ZEROS_8, ZEROS_8, __VA_ARGS__                 \
	}

static void test_rfcomm(void **state)
{
	static const unsigned char whole[] = RFCOMM_BYTES(30, 1, 0, 0);
	static const unsigned char any[] = RFCOMM_BYTES(0xff, 0xff, 0xff, 0xff);
	struct csock_value values[] = {text("12:34:56:78:9A:BC"), integer(286)};
	const struct csock_family *row = family_row(AF_BLUETOOTH, RFCOMM);
	struct csock_addr addr = address_of(whole, sizeof whole);

	(void)state;
	assert_int_equal(sizeof whole, 30);
	assert_encodes(row, values, 2, whole, sizeof whole);
	assert_decodes(row, &addr, values, 2);
	assert_format(row, &addr, "('12:34:56:78:9A:BC', 286)");
	assert_shortest(row, &addr, sizeof whole);
	assert_range(row, values, 2, 1, INT32_MIN, UINT32_MAX);
	values[1] = integer(-1);
	assert_encodes(row, values, 2, any, sizeof any);
	values[1] = integer(UINT32_MAX);
	addr = address_of(any, sizeof any);
	assert_encodes(row, values, 2, any, sizeof any);
	assert_decodes(row, &addr, values, 2);
}

#define PARENT "a42e7cda-d03f-480c-9cc2-a4de20abb878"
#define SERVICE "00112233-4455-6677-8899-aabbccddeeff"
#define UPPER_SERVICE "00112233-4455-6677-8899-AABBCCDDEEFF"

static void test_hyperv(void **state)
{
	/* The first three numbers of a UUID are little-endian. */
	static const unsigned char whole[] = {
		AF_HYPERV, 0,    0,    0,                            /* */
		0xda,      0x7c, 0x2e, 0xa4, 0x3f, 0xd0, 0x0c, 0x48, /* PARENT */
		0x9c,      0xc2, 0xa4, 0xde, 0x20, 0xab, 0xb8, 0x78, /* */
		0x33,      0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, /* SERVICE */
		0x88,      0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
	};
	const struct csock_value values[] = {text(PARENT), text(SERVICE)};
	const struct csock_value upper[] = {text(PARENT), text(UPPER_SERVICE)};
	const struct csock_family *row = family_row(AF_HYPERV, HYPERV_RAW);
	struct csock_addr addr = address_of(whole, sizeof whole);

	(void)state;
	assert_encodes(row, values, 2, whole, sizeof whole);
	assert_encodes(row, upper, 2, whole, sizeof whole);
	assert_decodes(row, &addr, values, 2);
	assert_format(row, &addr, "('" PARENT "', '" SERVICE "')");
	assert_shortest(row, &addr, sizeof whole);
}

static void refuse_uuid(const struct csock_value *uuid, enum csock_refusal refusal)
{
	const struct csock_value first[] = {*uuid, text(SERVICE)};
	const struct csock_value second[] = {text(PARENT), *uuid};
	const struct csock_family *row = family_row(AF_HYPERV, HYPERV_RAW);

	assert_encode_refused(row, first, 2, refusal, 0);
	assert_encode_refused(row, second, 2, refusal, 1);
}

static void test_bad_uuids(void **state)
{
	static const char *const texts[] = {
		"",
		"-",
		"00112233445566778899aabbccddeeff",
		"{00112233-4455-6677-8899-aabbccddeeff}",
		"00112233-4455-6677-8899-aabbccddeef",
		"00112233-4455-6677-8899-aabbccddeeff0",
		" 0112233-4455-6677-8899-aabbccddeeff",
		"00112233-4455-6677-8899-aabbccddeef ",
		"00112233-4455-6677-8899-aabbccddeefg",
		"00112233-4455-6677-8899-aabbccddee\xc3\xa9",
		"0011223-34455-6677-8899-aabbccddeeff",
		"00112233-44556-677-8899-aabbccddeeff",
		"00112233-4455-66778-899-aabbccddeeff",
		"00112233-4455-6677-8899a-abbccddeeff",
		"00112233_4455-6677-8899-aabbccddeeff",
		"00112233-4455-6677-8899-aabbccdd+1ff",
		"00112233-4455-6677-8899-aabbccdd0xff",
	};
	const struct csock_value number = integer(1), data = bytes(SERVICE, strlen(SERVICE));

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct csock_value uuid = text(texts[i]);
		refuse_uuid(&uuid, CSOCK_REFUSED_SYNTAX);
	}
	refuse_uuid(&number, CSOCK_REFUSED_KIND);
	refuse_uuid(&data, CSOCK_REFUSED_KIND);
}

/* Each of its characters is looked at, and the length ends a text. */
static void test_uuids_with_one_fault(void **state)
{
	char *uuid = malloc(strlen(SERVICE)); /* without the final zero */
	struct csock_value value = text("");

	(void)state;
	assert_non_null(uuid);
	value.data = uuid;
	for (size_t at = 0; at < strlen(SERVICE); at++) {
		memcpy(uuid, SERVICE, strlen(SERVICE));
		value.length = at;
		refuse_uuid(&value, CSOCK_REFUSED_SYNTAX);
		value.length = strlen(SERVICE);
		uuid[at] = '.';
		refuse_uuid(&value, CSOCK_REFUSED_SYNTAX);
		uuid[at] = '\0';
		refuse_uuid(&value, CSOCK_REFUSED_NUL);
	}
	free(uuid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfcomm),
		cmocka_unit_test(test_hyperv),
		cmocka_unit_test(test_bad_uuids),
		cmocka_unit_test(test_uuids_with_one_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
