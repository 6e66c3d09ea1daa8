/*
 * AF_UNIX: paths and abstract names of every length, and names at the end of their memory.
 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define ROUNDS 2000
#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)
#define PATH_ROOM sizeof(((struct sockaddr_un *)NULL)->sun_path)

static int encode(enum csock_value_kind kind, const char *data, size_t length,
		  struct csock_addr *addr)
{
	const struct csock_value value = {.kind = kind, .data = data, .length = length};

	return csock_addr_encode(csock_family_find(AF_UNIX, 0), &value, 1, NULL, CSOCK_NOW, addr);
}

static void test_random_round_trips(void **state)
{
	(void)state;
	srand(3);
	for (int i = 0; i < ROUNDS; i++) {
		bool is_abstract = i % 2 == 0;
		size_t length = (size_t)rand() % (is_abstract ? PATH_ROOM : PATH_ROOM - 1) + 1;
		char name[PATH_ROOM];
		struct csock_values decoded;
		struct csock_addr addr;
		for (size_t b = 0; b < length; b++)
			name[b] = (char)(is_abstract ? rand() & 0xff : rand() % 255 + 1);
		if (is_abstract)
			name[0] = '\0';
		assert_int_equal(encode(CSOCK_VALUE_BYTES, name, length, &addr), 0);
		assert_int_equal(addr.length, PATH_OFFSET + length);
		assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 1);
		assert_int_equal(decoded.item[0].kind,
				 is_abstract ? CSOCK_VALUE_BYTES : CSOCK_VALUE_TEXT);
		assert_int_equal(decoded.item[0].length, length);
		assert_memory_equal(decoded.item[0].data, name, length);
	}
}

static void test_refusals(void **state)
{
	const struct csock_family *family = csock_family_find(AF_UNIX, CSOCK_ANY_PROTOCOL);
	const struct csock_value none = {.kind = CSOCK_VALUE_NONE};
	const struct csock_value number = {.kind = CSOCK_VALUE_INTEGER, .integer = 1};
	struct csock_addr addr;

	(void)state;
	assert_refused(csock_addr_encode(family, &none, 0, NULL, CSOCK_NOW, &addr),
		       CSOCK_REFUSED_COUNT, 0);
	assert_refused(csock_addr_encode(family, &none, 1, NULL, CSOCK_NOW, &addr),
		       CSOCK_REFUSED_KIND, 0);
	assert_refused(csock_addr_encode(family, &number, 1, NULL, CSOCK_NOW, &addr),
		       CSOCK_REFUSED_KIND, 0);
	for (size_t at = 1; at < 10; at++) {
		char path[10] = "/tmp/path";
		path[at] = '\0';
		assert_refused(encode(CSOCK_VALUE_BYTES, path, sizeof path, &addr),
			       CSOCK_REFUSED_NUL, 0);
	}
	assert_refused(encode(CSOCK_VALUE_TEXT, "a\0b", 3, &addr), CSOCK_REFUSED_NUL, 0);
}

static void test_empty_name(void **state)
{
	struct csock_values decoded;
	struct csock_addr addr;

	(void)state;
	assert_int_equal(encode(CSOCK_VALUE_BYTES, NULL, 0, &addr), 0);
	assert_int_equal(addr.length, PATH_OFFSET);
	assert_int_equal(csock_addr_decode(&addr, NULL, &decoded), 1);
	assert_int_equal(decoded.item[0].kind, CSOCK_VALUE_TEXT);
	assert_string_equal(decoded.item[0].data, "");
}

/*
 * Decodes an address of this length, with no zero byte after its first byte, in memory of that
 * size.
 */
static void decode_exactly(char first, uint32_t length)
{
	const sa_family_t family = AF_UNIX;
	struct csock_addr *addr = malloc(offsetof(struct csock_addr, raw) + length);
	size_t name = length - PATH_OFFSET;
	struct csock_values decoded;
	char text[CSOCK_VALUE_TEXT_MAX * 4];

	assert_non_null(addr);
	addr->length = length;
	memset(&addr->raw, 'x', length);
	memcpy(&addr->raw, &family, sizeof family);
	if (name > 0)
		memcpy((char *)&addr->raw + PATH_OFFSET, &first, 1);
	assert_int_equal(csock_addr_decode(addr, NULL, &decoded), 1);
	if (name > 0 && first == '\0') {
		assert_int_equal(decoded.item[0].kind, CSOCK_VALUE_BYTES);
		assert_int_equal(decoded.item[0].length, name);
	} else {
		/* A path is never longer than its buffer, and always a C string. */
		assert_int_equal(decoded.item[0].kind, CSOCK_VALUE_TEXT);
		assert_int_equal(decoded.item[0].length, name < PATH_ROOM ? name : PATH_ROOM);
		assert_int_equal(strlen(decoded.item[0].data), decoded.item[0].length);
	}
	csock_addr_format(addr, NULL, text, sizeof text);
	free(addr);
}

static void test_every_length(void **state)
{
	(void)state;
	for (uint32_t length = PATH_OFFSET; length <= CSOCK_ADDRESS_MAX; length++) {
		decode_exactly('x', length);
		decode_exactly('\0', length);
	}
}

/* A buffer of any size gets the beginning of the whole text, and no byte beyond is written. */
static void test_text_cut_to_every_size(void **state)
{
	char whole[CSOCK_VALUE_TEXT_MAX * 4];
	struct csock_addr addr;

	(void)state;
	assert_int_equal(encode(CSOCK_VALUE_BYTES, "\0a'\\\xff b\n", 8, &addr), 0);
	csock_addr_format(&addr, NULL, whole, sizeof whole);
	assert_string_equal(whole, "b'\\x00a\\x27\\x5c\\xff b\\x0a'");
	for (size_t size = 0; size <= strlen(whole) + 1; size++) {
		char *buffer = malloc(size + 1);
		assert_non_null(buffer);
		buffer[size] = '#';
		assert_ptr_equal(csock_addr_format(&addr, NULL, buffer, size), buffer);
		assert_int_equal(buffer[size], '#');
		if (size > 0) {
			assert_int_equal(strlen(buffer), size - 1);
			assert_memory_equal(buffer, whole, size - 1);
		}
		free(buffer);
	}
}

/* The kernel's answers for the longest names. */
static void test_longest_names_in_the_kernel(void **state)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct csock_values decoded;
	struct csock_addr addr, bound;
	char name[PATH_ROOM] = "";

	(void)state;
	snprintf(name + 1, sizeof name - 1, "csocket test %ld", (long)getpid());
	assert_int_equal(encode(CSOCK_VALUE_BYTES, name, sizeof name, &addr), 0);
	assert_int_equal(csock_open(&sock, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_getsockname(&sock, &bound), 0);
	assert_int_equal(csock_addr_decode(&bound, NULL, &decoded), 1);
	assert_string_equal(decoded.item[0].data, "");
	assert_int_equal(csock_bind(&sock, &addr), 0);
	assert_int_equal(csock_getsockname(&sock, &bound), 0);
	assert_true(csock_addr_equal(&bound, &addr));
	assert_int_equal(csock_close(&sock), 0);
}

/* A path of 108 bytes, which the kernel accepts without a final zero. */
static void test_longest_path_in_the_kernel(void **state)
{
	char folder[] = "/tmp/csocket-XXXXXX";
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct csock_values decoded;
	struct csock_addr addr = {.length = sizeof(struct sockaddr_un)}, bound;
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	char path[PATH_ROOM + 1] = "";

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/%0*d", folder, (int)(PATH_ROOM - sizeof folder), 0);
	assert_int_equal(strlen(path), PATH_ROOM);
	memcpy(sun.sun_path, path, PATH_ROOM);
	memcpy(&addr.raw, &sun, sizeof sun);
	assert_int_equal(csock_open(&sock, AF_UNIX, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(&sock, &addr), 0);
	assert_int_equal(csock_getsockname(&sock, &bound), 0);
	assert_int_equal(csock_close(&sock), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(csock_addr_decode(&bound, NULL, &decoded), 1);
	assert_string_equal(decoded.item[0].data, path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_round_trips),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_empty_name),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_text_cut_to_every_size),
		cmocka_unit_test(test_longest_names_in_the_kernel),
		cmocka_unit_test(test_longest_path_in_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
