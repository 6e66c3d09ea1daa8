/*
 * AF_ALG: the bytes are those of the kernel's struct. Also the ancillary data of an operation.
 */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <linux/if_alg.h>

#ifndef SOL_ALG
#define SOL_ALG 279
#endif

#define VECTOR_MAX 40

static const struct csock_family *row(void)
{
	return family_row(AF_ALG, CSOCK_ANY_PROTOCOL);
}

static struct sockaddr_alg alg_address(const char *type, const char *name)
{
	struct sockaddr_alg alg;

	memset(&alg, 0, sizeof alg);
	alg.salg_family = AF_ALG;
	memcpy(alg.salg_type, type, strlen(type));
	memcpy(alg.salg_name, name, strlen(name));
	return alg;
}

static void test_bytes(void **state)
{
	const struct csock_value values[] = {text("skcipher"), text("cbc(aes)"), integer(0x1f),
					     integer(UINT32_MAX)};
	const struct csock_value defaults[] = {values[0], values[1], integer(0), integer(0)};
	struct sockaddr_alg alg = alg_address("skcipher", "cbc(aes)");
	struct csock_addr addr = address_of(&alg, sizeof alg);

	(void)state;
	assert_encodes(row(), values, 2, &alg, sizeof alg);
	assert_decodes(row(), &addr, defaults, 4);
	assert_format(row(), &addr, "('skcipher', 'cbc(aes)', 0, 0)");
	alg.salg_feat = 0x1f;
	assert_encodes(row(), values, 3, &alg, sizeof alg);
	alg.salg_mask = UINT32_MAX;
	assert_encodes(row(), values, 4, &alg, sizeof alg);
	addr = address_of(&alg, sizeof alg);
	assert_decodes(row(), &addr, values, 4);
	assert_shortest(row(), &addr, offsetof(struct sockaddr_alg, salg_name));
	assert_range(row(), values, 4, 2, 0, UINT32_MAX);
	assert_range(row(), values, 4, 3, 0, UINT32_MAX);
}

/* Both texts end with a zero byte, for which the longest ones leave room. */
static void test_longest_texts(void **state)
{
	char type[sizeof((struct sockaddr_alg *)NULL)->salg_type + 1] = "";
	char name[sizeof((struct sockaddr_alg *)NULL)->salg_name + 1] = "";
	struct csock_value values[4] = {[2] = integer(0), [3] = integer(0)};

	(void)state;
	memset(type, 't', sizeof type - 2);
	memset(name, 'n', sizeof name - 2);
	struct sockaddr_alg alg;
	type[sizeof type - 2] = name[sizeof name - 2] = '\0';
	alg = alg_address(type, name);
	values[0] = text(type);
	values[1] = text(name);
	assert_encodes(row(), values, 4, &alg, sizeof alg);
	/* Texts without a final zero are decoded, although they cannot be encoded. */
	type[sizeof type - 2] = 't';
	name[sizeof name - 2] = 'n';
	alg = alg_address(type, name);
	values[0] = text(type);
	values[1] = text(name);
	struct csock_addr addr = address_of(&alg, sizeof alg);
	assert_decodes(row(), &addr, values, 4);
	assert_encode_refused(row(), values, 4, CSOCK_REFUSED_TOO_LONG, 0);
	values[0] = text("hash");
	assert_encode_refused(row(), values, 4, CSOCK_REFUSED_TOO_LONG, 1);
}

/* Since Linux 4.14 the names may be longer or shorter than in the kernel's struct. */
static void test_name_cut_short(void **state)
{
	struct csock_value values[] = {text("hash"), text("sha"), integer(0), integer(0)};
	struct sockaddr_alg alg = alg_address("hash", "sha256");
	struct csock_addr whole = address_of(&alg, sizeof alg);

	(void)state;
	struct csock_addr *cut = cut_address(&whole, offsetof(struct sockaddr_alg, salg_name) + 3);
	assert_decodes(row(), cut, values, 4);
	free(cut);
	cut = cut_address(&whole, offsetof(struct sockaddr_alg, salg_name));
	values[1] = text("");
	assert_decodes(row(), cut, values, 4);
	free(cut);
}

/* Reads the next item, which must have this size, and returns its data. */
static const void *next_item(const void *control, size_t size, size_t *cursor, int type,
			     size_t data_size)
{
	struct csock_ancillary item;
	bool truncated;

	assert_int_equal(csock_ancillary_next(control, size, cursor, &item, &truncated), 1);
	assert_false(truncated);
	assert_int_equal(item.level, SOL_ALG);
	assert_int_equal(item.type, type);
	assert_int_equal(item.size, data_size);
	return item.data;
}

static void check_number(const void *control, size_t size, size_t *cursor, int type,
			 uint32_t expected)
{
	uint32_t number;

	memcpy(&number, next_item(control, size, cursor, type, sizeof number), sizeof number);
	assert_int_equal(number, expected);
}

/* Encodes into memory of exactly this size, filled with other bytes before. */
static void check_operation(const struct csock_alg_operation *operation)
{
	size_t size = csock_alg_ancillary_size(operation), cursor = 0;
	struct csock_ancillary item;
	struct af_alg_iv iv;
	bool truncated;

	assert_true(size < SIZE_MAX);
	void *control = malloc(size);
	assert_non_null(control);
	memset(control, '#', size);
	assert_int_equal(csock_alg_ancillary_encode(operation, control, size), size);
	check_number(control, size, &cursor, ALG_SET_OP, operation->op);
	if (operation->has_assoclen)
		check_number(control, size, &cursor, ALG_SET_AEAD_ASSOCLEN, operation->assoclen);
	if (operation->iv) {
		const unsigned char *data = next_item(control, size, &cursor, ALG_SET_IV,
						      sizeof iv + operation->iv_size);
		memcpy(&iv, data, sizeof iv);
		assert_int_equal(iv.ivlen, operation->iv_size);
		if (operation->iv_size > 0)
			assert_memory_equal(data + sizeof iv, operation->iv, operation->iv_size);
	}
	assert_int_equal(csock_ancillary_next(control, size, &cursor, &item, &truncated), 0);
	assert_false(truncated);
	free(control);
}

static void test_operations(void **state)
{
	unsigned char vector[VECTOR_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof vector; i++)
		vector[i] = (unsigned char)(i + 1);
	for (uint32_t op = ALG_OP_DECRYPT; op <= ALG_OP_ENCRYPT; op++) {
		struct csock_alg_operation operation = {.op = op};
		check_operation(&operation);
		operation.has_assoclen = true;
		operation.assoclen = UINT32_MAX - op;
		check_operation(&operation);
		operation.iv = vector;
		for (operation.iv_size = 0; operation.iv_size <= VECTOR_MAX; operation.iv_size++) {
			operation.has_assoclen = operation.iv_size % 2 == 0;
			check_operation(&operation);
		}
	}
}

/* A length is sent only if the operation has one; a missing vector has no length. */
static void test_what_does_not_count(void **state)
{
	const struct csock_alg_operation bare = {.op = ALG_OP_ENCRYPT};
	const struct csock_alg_operation rest = {
		.op = ALG_OP_ENCRYPT, .iv_size = 99, .assoclen = 99};

	(void)state;
	assert_int_equal(csock_alg_ancillary_size(&rest), csock_alg_ancillary_size(&bare));
	check_operation(&rest);
}

static void test_vectors_too_long(void **state)
{
	static const size_t sizes[] = {SIZE_MAX,     SIZE_MAX - 1,  SIZE_MAX - 3,
				       SIZE_MAX - 4, SIZE_MAX - 64, (size_t)INT32_MAX};
	struct csock_alg_operation operation = {.iv = ""};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		operation.iv_size = sizes[i];
		assert_true(csock_alg_ancillary_size(&operation) == SIZE_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_longest_texts),
		cmocka_unit_test(test_name_cut_short),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_what_does_not_count),
		cmocka_unit_test(test_vectors_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
