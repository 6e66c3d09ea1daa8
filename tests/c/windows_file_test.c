/*
 * Sending a file on Windows Server, by TransmitFile().
 */
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "handles.h"

#define SIZE (4 << 20)
#define START 1000
#define PATIENCE (9000 * MILLISECOND)

static struct csock_socket a, b;
static csock_handle file;
static char *data;
static bool is_server;

/* In place of VerifyVersionInfoW(), by which the library asks whether this is Windows for clients.
 */
static BOOL WINAPI is_client(OSVERSIONINFOEXW *asked, DWORD types, DWORDLONG condition)
{
	(void)condition;
	assert_int_equal(types, VER_PRODUCT_TYPE);
	assert_int_equal(asked->wProductType, VER_NT_WORKSTATION);
	return !is_server;
}

extern void *const __imp_VerifyVersionInfoW;
void *const __imp_VerifyVersionInfoW = (void *)(uintptr_t)is_client;

static int setup(void **state)
{
	(void)state;
	a = b = (struct csock_socket)CSOCK_SOCKET_INIT;
	data = malloc(SIZE);
	if (!data)
		return -1;
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (char)(i * 7 + i / 251);
	is_server = true;
	file = make_file();
	write_at(file, 0, data, SIZE);
	return csock_open_pair(&a, &b, AF_INET, SOCK_STREAM, 0);
}

static int teardown(void **state)
{
	(void)state;
	free(data);
	close_file(file);
	return csock_close(&a) < 0 || csock_close(&b) < 0;
}

static int64_t position(void)
{
	const LARGE_INTEGER none = {.QuadPart = 0};
	LARGE_INTEGER now;

	assert_true(SetFilePointerEx((HANDLE)file, none, &now, FILE_CURRENT));
	return now.QuadPart;
}

/* What arrives until the end of the stream. */
struct arrival {
	size_t size;
	bool is_right;
	pthread_t thread;
};

static void *receive_all(void *arg)
{
	static char room[1 << 16];
	struct arrival *arrival = arg;
	ssize_t n;

	arrival->is_right = true;
	while ((n = csock_recv(&b, room, sizeof room, 0, csock_deadline_after(PATIENCE))) > 0) {
		size_t at = START + arrival->size;
		if (at + (size_t)n > SIZE || memcmp(room, data + at, (size_t)n) != 0)
			arrival->is_right = false;
		arrival->size += (size_t)n;
	}
	return NULL;
}

static void start_receiving(struct arrival *arrival)
{
	*arrival = (struct arrival){.size = 0};
	assert_int_equal(pthread_create(&arrival->thread, NULL, receive_all, arrival), 0);
}

/* Ends the stream, after which so much must have arrived. */
static void assert_arrives(struct arrival *arrival, size_t size)
{
	assert_int_equal(csock_shutdown(&a, SHUT_WR), 0);
	assert_int_equal(pthread_join(arrival->thread, NULL), 0);
	assert_int_equal(arrival->size, size);
	assert_true(arrival->is_right);
}

/* In calls for more than there is: to the end of the file. */
static void test_the_rest_of_a_file(void **state)
{
	int64_t offset = START, start = START, before = position();
	struct arrival arrival;
	ssize_t n;

	(void)state;
	start_receiving(&arrival);
	while ((n = csock_send_file(&a, file, &offset, SIZE_MAX, CSOCK_NEVER)) > 0)
		assert_int_equal(offset, start += n);
	assert_int_equal(n, 0);
	assert_int_equal(offset, SIZE);
	offset = 2 * (int64_t)SIZE;
	assert_int_equal(csock_send_file(&a, file, &offset, 10, CSOCK_NEVER), 0);
	assert_int_equal(offset, 2 * (int64_t)SIZE);
	/* 0 is not the whole file. */
	offset = 0;
	assert_int_equal(csock_send_file(&a, file, &offset, 0, CSOCK_NEVER), 0);
	assert_int_equal(position(), before);
	assert_arrives(&arrival, SIZE - START);
}

/* Pieces, by both ways in turn. */
static void test_pieces(void **state)
{
	int64_t offset = START, before = position();
	struct arrival arrival;

	(void)state;
	start_receiving(&arrival);
	for (int i = 0; i < 40; i++) {
		int64_t start = offset;
		ssize_t n = csock_send_file(&a, file, &offset, 12345,
					    i % 2 ? CSOCK_NEVER : csock_deadline_after(PATIENCE));
		assert_int_equal(n, 12345);
		assert_int_equal(offset, start + n);
	}
	assert_int_equal(position(), before);
	assert_arrives(&arrival, 40 * (size_t)12345);
}

static void test_beyond_2_gib(void **state)
{
	static const int64_t places[] = {INT32_MAX, INT64_C(1) << 32, INT64_C(5) << 30};
	char bytes[4];

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		int64_t offset = places[i];
		write_at(file, offset, "wxyz", 4);
		assert_int_equal(csock_send_file(&a, file, &offset, 3, CSOCK_NEVER), 3);
		assert_int_equal(offset, places[i] + 3);
		assert_int_equal(csock_recv(&b, bytes, 4, 0, CSOCK_NEVER), 3);
		assert_memory_equal(bytes, "wxy", 3);
	}
}

/* Sends until nobody receives any more. */
static void *send_for_ever(void *arg)
{
	int64_t offset;
	ssize_t n;

	do {
		offset = 0;
		n = csock_send_file(&a, file, &offset, SIZE, CSOCK_NEVER);
	} while (n > 0);
	*(ssize_t *)arg = n;
	return NULL;
}

static void test_closing_meanwhile(void **state)
{
	pthread_t thread;
	ssize_t result;

	(void)state;
	for (int server = 0; server < 2; server++) {
		is_server = server;
		assert_int_equal(pthread_create(&thread, NULL, send_for_ever, &result), 0);
		pause_for(300 * MILLISECOND);
		int64_t began = csock_clock();
		assert_int_equal(csock_close_wait(&a, csock_deadline_after(PATIENCE)), 0);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_true(csock_clock() - began < 2000 * MILLISECOND);
		assert_errno(result, EBADF);
		assert_int_equal(csock_close(&b), 0);
		assert_int_equal(csock_open_pair(&a, &b, AF_INET, SOCK_STREAM, 0), 0);
	}
}

static void test_a_peer_that_is_gone(void **state)
{
	ssize_t result;

	(void)state;
	assert_int_equal(csock_set_linger(&b, 0), 0);
	assert_int_equal(csock_close(&b), 0);
	(void)send_for_ever(&result);
	/* Wine says that it is not connected. */
	assert_true(csock_status_is(result, ECONNRESET) || csock_status_is(result, ECONNABORTED) ||
		    csock_status_is(result, ENOTCONN));
}

/* The kernel's own limit, and a deadline, know how much was sent. */
static void test_limits(void **state)
{
	struct arrival arrival;
	int64_t offset = START;
	ssize_t n;

	(void)state;
	assert_int_equal(csock_set_send_timeout(&a, 50 * MILLISECOND), 0);
	do
		n = csock_send_file(&a, file, &offset, 1 << 20, CSOCK_NEVER);
	while (n > 0);
	assert_true(offset < SIZE ? csock_status_is(n, ETIMEDOUT) : n == 0);
	start_receiving(&arrival);
	assert_arrives(&arrival, (size_t)(offset - START));
}

static void test_files_opened_for_overlapped_reading(void **state)
{
	char folder[MAX_PATH], path[MAX_PATH], bytes[8];
	HANDLE other;

	(void)state;
	assert_true(GetTempPathA(sizeof folder, folder) > 0);
	assert_true(GetTempFileNameA(folder, "sock", 0, path) > 0);
	other = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
			    FILE_FLAG_DELETE_ON_CLOSE | FILE_FLAG_OVERLAPPED, NULL);
	assert_true(other != INVALID_HANDLE_VALUE);
	OVERLAPPED place = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
	DWORD written;
	assert_true(WriteFile(other, "01234567", 8, NULL, &place) ||
		    GetLastError() == ERROR_IO_PENDING);
	assert_true(GetOverlappedResult(other, &place, &written, TRUE));
	assert_true(CloseHandle(place.hEvent));
	int before = count_handles();
	for (int server = 0; server < 2; server++) {
		int64_t offset = 2;
		is_server = server;
		assert_int_equal(csock_send_file(&a, (csock_handle)other, &offset, 5, CSOCK_NEVER),
				 5);
		assert_int_equal(csock_recv(&b, bytes, sizeof bytes, 0, CSOCK_NEVER), 5);
		assert_memory_equal(bytes, "23456", 5);
	}
	assert_int_equal(count_handles(), before);
	assert_true(CloseHandle(other));
}

/* A pipe has no offset, and may stay empty. No other try waits for it. */
static void test_what_is_no_file(void **state)
{
	HANDLE reader, writer;
	int64_t offset = 0;

	(void)state;
	assert_true(CreatePipe(&reader, &writer, NULL, 0));
	for (int server = 0; server < 2; server++) {
		is_server = server;
		assert_errno(csock_send_file(&a, (csock_handle)reader, &offset, 5, CSOCK_NOW),
			     EINVAL);
		assert_errno(csock_send_file(&a, (csock_handle)reader, &offset, 5, CSOCK_NEVER),
			     EINVAL);
	}
	assert_true(CloseHandle(reader));
	assert_true(CloseHandle(writer));
	assert_errno(csock_send_file(&a, (csock_handle)reader, &offset, 5, CSOCK_NEVER), EBADF);
	assert_int_equal(offset, 0);
}

#define ON_FILE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_FILE(test_the_rest_of_a_file),
		ON_FILE(test_pieces),
		ON_FILE(test_beyond_2_gib),
		ON_FILE(test_closing_meanwhile),
		ON_FILE(test_a_peer_that_is_gone),
		ON_FILE(test_limits),
		ON_FILE(test_files_opened_for_overlapped_reading),
		ON_FILE(test_what_is_no_file),
	};

	limit_time(120);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
