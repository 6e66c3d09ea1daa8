/*
 * Helpers for the tests of libcsocket: those that ask Windows.
 */
#include "handles.h"
#include "support.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <winioctl.h>
#include <winternl.h>

#define STATUS_INFO_LENGTH_MISMATCH 0xC0000004

const int kernel_limit_error = ETIMEDOUT;
const int64_t kernel_limit_max = INT32_MAX * MILLISECOND;

int pair_family(void)
{
	return AF_INET;
}

static void open_bound(struct csock_socket *sock, struct csock_addr *addr)
{
	*sock = (struct csock_socket)CSOCK_SOCKET_INIT;
	*addr = host_address(AF_INET, "127.0.0.1", 0);
	assert_int_equal(csock_open(sock, AF_INET, SOCK_DGRAM, 0), 0);
	assert_int_equal(csock_bind(sock, addr), 0);
	assert_int_equal(csock_getsockname(sock, addr), 0);
}

void open_datagrams(struct csock_socket *a, struct csock_socket *b)
{
	struct csock_addr to_a, to_b;

	open_bound(a, &to_a);
	open_bound(b, &to_b);
	assert_int_equal(csock_connect(a, &to_b, CSOCK_NEVER), 0);
	assert_int_equal(csock_connect(b, &to_a, CSOCK_NEVER), 0);
}

static bool is_loopback(unsigned int index)
{
	MIB_IF_ROW2 row = {.InterfaceIndex = index};

	return GetIfEntry2(&row) == NO_ERROR && row.Type == IF_TYPE_SOFTWARE_LOOPBACK;
}

const char *loopback_name(void)
{
	static char name[CSOCK_INTERFACE_NAME_MAX];
	struct csock_interface *list = NULL;
	int count = csock_if_nameindex(&list);

	for (int i = 0; i < count; i++)
		if (is_loopback(list[i].index))
			snprintf(name, sizeof name, "%s", list[i].name);
	free(list);
	assert_string_not_equal(name, "");
	return name;
}

csock_handle make_file(void)
{
	char folder[MAX_PATH], path[MAX_PATH];
	DWORD size;

	assert_true(GetTempPathA(sizeof folder, folder) > 0);
	assert_true(GetTempFileNameA(folder, "sock", 0, path) > 0);
	HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
				  FILE_FLAG_DELETE_ON_CLOSE, NULL);
	assert_true(file != INVALID_HANDLE_VALUE);
	/* A file system that cannot do that needs more room. */
	(void)DeviceIoControl(file, FSCTL_SET_SPARSE, NULL, 0, NULL, 0, &size, NULL);
	return (csock_handle)file;
}

void write_at(csock_handle file, int64_t offset, const void *data, size_t size)
{
	OVERLAPPED place = {.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
	DWORD written;

	assert_true(WriteFile((HANDLE)file, data, (DWORD)size, &written, &place));
	assert_int_equal(written, size);
}

void close_file(csock_handle file)
{
	assert_true(CloseHandle((HANDLE)file));
}

bool is_open_descriptor(csock_handle fd)
{
	DWORD flags;

	return GetHandleInformation((HANDLE)fd, &flags);
}

/* From the Windows driver kit. */
#define SYSTEM_EXTENDED_HANDLE_INFORMATION 64

struct handle_list {
	ULONG_PTR count;
	ULONG_PTR reserved;
	struct {
		void *object;
		ULONG_PTR process;
		ULONG_PTR handle;
		ULONG access;
		USHORT trace_index;
		USHORT type_index;
		ULONG attributes;
		ULONG reserved;
	} handles[];
};

/* The handles of all processes, for free(). */
static struct handle_list *list_handles(void)
{
	const SYSTEM_INFORMATION_CLASS class = SYSTEM_EXTENDED_HANDLE_INFORMATION;
	struct handle_list *list = NULL;
	NTSTATUS status;
	ULONG size = 1 << 16;

	do {
		free(list);
		list = malloc(size *= 2);
		assert_non_null(list);
		status = NtQuerySystemInformation(class, list, size, NULL);
	} while (status == (NTSTATUS)STATUS_INFO_LENGTH_MISMATCH);
	assert_int_equal(status, 0);
	return list;
}

/* Wine's GetProcessHandleCount() tells 0. */
static int count_if(bool (*counts)(csock_handle handle))
{
	struct handle_list *list = list_handles();
	int count = 0;

	for (ULONG_PTR i = 0; i < list->count; i++)
		count += list->handles[i].process == GetCurrentProcessId() &&
			 counts(list->handles[i].handle);
	free(list);
	return count;
}

static bool is_socket(csock_handle handle)
{
	socklen_t length = sizeof(int);
	int type;

	return getsockopt(handle, SOL_SOCKET, SO_TYPE, (char *)&type, &length) == 0;
}

int count_descriptors(void)
{
	return count_if(is_socket);
}

static bool is_any(csock_handle handle)
{
	return handle != 0;
}

int count_handles(void)
{
	return count_if(is_any);
}

void pause_for(int64_t nanoseconds)
{
	Sleep((DWORD)((nanoseconds + MILLISECOND - 1) / MILLISECOND));
}

static DWORD WINAPI end_process(void *seconds)
{
	Sleep((DWORD)(uintptr_t)seconds * 1000);
	fprintf(stderr, "the time is up\n");
	ExitProcess(1);
}

void limit_time(unsigned int seconds)
{
	HANDLE thread = CreateThread(NULL, 0, end_process, (void *)(uintptr_t)seconds, 0, NULL);

	assert_non_null(thread);
	assert_true(CloseHandle(thread));
}
