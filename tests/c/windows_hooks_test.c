/*
 * Windows: what the library asks Winsock for, by functions of the test in the place of Winsock's.
 */
#include "support.h"

#include <errno.h>
#include <string.h>

static struct {
	unsigned int count;
	WSABUF buffers[4];
} asked;

/* Sends nothing, and notes the buffers. */
static int WSAAPI note_buffers(SOCKET fd, WSABUF *buffers, DWORD count, DWORD *sent, DWORD flags,
			       const struct sockaddr *to, int length, WSAOVERLAPPED *overlapped,
			       LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
	(void)fd;
	(void)flags;
	(void)to;
	(void)length;
	(void)overlapped;
	(void)routine;
	asked.count = (unsigned int)count;
	*sent = 0;
	for (DWORD i = 0; i < count && i < sizeof asked.buffers / sizeof *asked.buffers; i++) {
		asked.buffers[i] = buffers[i];
		*sent += buffers[i].len;
	}
	return 0;
}

extern void *const __imp_WSASendTo;
void *const __imp_WSASendTo = (void *)(uintptr_t)note_buffers;

static int(WSAAPI *real_connect)(SOCKET fd, const struct sockaddr *name, int length);
static unsigned int strangers;

/* Another program sends to the socket before it is connected. */
static int WSAAPI connect_late(SOCKET fd, const struct sockaddr *name, int length)
{
	SOCKET stranger = socket(AF_INET, SOCK_DGRAM, 0);

	assert_true(stranger != INVALID_SOCKET);
	for (int size = 0; size < 3; size++)
		assert_int_equal(sendto(stranger, "two", size, 0, name, length), size);
	assert_int_equal(closesocket(stranger), 0);
	strangers++;
	return real_connect(fd, name, length);
}

extern void *const __imp_connect;
void *const __imp_connect = (void *)(uintptr_t)connect_late;

/* A long message in another language. */
static DWORD WINAPI format_russian(DWORD flags, const void *source, DWORD code, DWORD language,
				   WCHAR *buffer, DWORD size, va_list *arguments)
{
	const DWORD length = 300;

	(void)flags;
	(void)source;
	(void)code;
	(void)language;
	(void)arguments;
	assert_true(length < size);
	for (DWORD i = 0; i < length; i++)
		buffer[i] = (WCHAR)(0x430 + i % 32);
	wcscpy(buffer + length, L".\r\n");
	return length + 3;
}

extern void *const __imp_FormatMessageW;
void *const __imp_FormatMessageW = (void *)(uintptr_t)format_russian;

/* Beyond 2 GiB a call sends a part: from the beginning on, without a gap. */
static void test_sizes_beyond_2_gib(void **state)
{
	static char byte;
	const size_t huge = (size_t)INT_MAX + 10;
	struct csock_socket sock = CSOCK_SOCKET_INIT;

	(void)state;
	assert_int_equal(csock_open(&sock, AF_INET, SOCK_STREAM, 0), 0);
	for (size_t first = 0; first < 2; first++) {
		const struct csock_buffer parts[] = {
			{&byte, first ? huge : 3}, {&byte, huge}, {&byte, 7}};
		assert_true(csock_sendmsg(&sock, parts, 3, NULL, 0, 0, NULL, CSOCK_NEVER) ==
			    INT_MAX);
		assert_int_equal(asked.count, 3);
		assert_int_equal(asked.buffers[0].len, first ? INT_MAX : 3);
		assert_int_equal(asked.buffers[1].len, first ? 0 : INT_MAX - 3);
		assert_int_equal(asked.buffers[2].len, 0);
	}
	assert_int_equal(csock_close(&sock), 0);
}

/* A text that does not fit is cut between two characters. */
static void test_texts_in_other_languages(void **state)
{
	const int status = csock_status_make(CSOCK_SYSTEM, WSAETIMEDOUT);
	char text[620];

	(void)state;
	for (size_t size = 1; size <= sizeof text; size++) {
		memset(text, '#', sizeof text);
		assert_ptr_equal(csock_status_text(status, text, size), text);
		/* Each has two bytes. */
		assert_int_equal(strlen(text), size > 600 ? 600 : (size - 1) / 2 * 2);
		assert_int_equal(
			MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, NULL, 0),
			strlen(text) / 2 + 1);
	}
}

static void test_what_strangers_send_wakes_nobody(void **state)
{
	struct csock_wake wake = CSOCK_WAKE_INIT;
	struct csock_poll_item item = {.wake = &wake};

	(void)state;
	assert_int_equal(csock_wake_open(&wake), 0);
	assert_int_equal(strangers, 1);
	assert_domain(csock_poll(&item, 1, csock_deadline_after(50 * MILLISECOND)), CSOCK_TIMEOUT);
	assert_int_equal(csock_wake_set(&wake), 0);
	assert_int_equal(csock_poll(&item, 1, csock_deadline_after(1000 * MILLISECOND)), 1);
	assert_int_equal(csock_wake_clear(&wake), 0);
	assert_domain(csock_poll(&item, 1, CSOCK_NOW), CSOCK_TIMEOUT);
	csock_wake_close(&wake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes_beyond_2_gib),
		cmocka_unit_test(test_texts_in_other_languages),
		cmocka_unit_test(test_what_strangers_send_wakes_nobody),
	};
	HMODULE winsock = GetModuleHandleW(L"ws2_32.dll");

	real_connect = (__typeof__(real_connect))(void *)GetProcAddress(winsock, "connect");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
