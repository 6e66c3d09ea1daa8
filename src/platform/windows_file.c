/*
 * The platform contract on Windows: sending a file.
 *
 * TransmitFile() sends within the kernel, but it has two faults:
 *
 * - It is not documented whether a cancelled TransmitFile() tells how much it has sent. So only
 *   calls that have no deadline use it: what cancels them is the end of the socket.
 * - Windows for clients runs only two of them at once, on the whole machine. Two peers that do not
 *   receive would stop the files of all programs. So only Windows Server uses it.
 *
 * Otherwise the file is read and sent.
 */
#include <stdlib.h>

#include "failure.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* The most that one call reads and sends, or transmits: between calls a program sees Ctrl-C. */
#define CHUNK 65536U
#define TRANSMIT_MAX (1U << 20)

/* A place in a file, and the event that tells when a call there has ended. */
static int open_place(OVERLAPPED *place, int64_t offset)
{
	*place = (OVERLAPPED){.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
	place->hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
	return place->hEvent ? 0 : csi_windows_failure(GetLastError());
}

/* The number of bytes read, or a failure. */
static ssize_t read_at(csock_handle file, int64_t offset, char *buffer, size_t size)
{
	OVERLAPPED place;
	DWORD count = 0, error = NO_ERROR;
	int result = open_place(&place, offset);

	if (result < 0)
		return result;
	/* If the file was opened for overlapped I/O, the read may still be going on. */
	if (!ReadFile((HANDLE)file, buffer, (DWORD)size, &count, &place) &&
	    (GetLastError() != ERROR_IO_PENDING ||
	     !GetOverlappedResult((HANDLE)file, &place, &count, TRUE)))
		error = GetLastError();
	(void)CloseHandle(place.hEvent);
	return error == NO_ERROR || error == ERROR_HANDLE_EOF ? (ssize_t)count
							      : csi_windows_failure(error);
}

static ssize_t read_and_send(csock_handle sock, csock_handle file, int64_t offset, size_t size,
			     int flags)
{
	char *buffer = malloc(CHUNK);

	if (!buffer)
		return csi_system(ENOMEM);
	ssize_t result = read_at(file, offset, buffer, size < CHUNK ? size : CHUNK);
	if (result > 0) {
		result = csi_platform_sendto(sock, buffer, (size_t)result, flags, NULL, 0);
		if (result < 0)
			result = csi_failure();
	}
	free(buffer);
	return result;
}

/* The rest of the file from the offset on, or as much of it as is asked for and can be sent. */
static int rest_of(csock_handle file, int64_t offset, size_t size, DWORD *rest)
{
	LARGE_INTEGER end;

	if (!GetFileSizeEx((HANDLE)file, &end))
		return csi_windows_failure(GetLastError());
	uint64_t left = offset < end.QuadPart ? (uint64_t)(end.QuadPart - offset) : 0;
	if (left > size)
		left = size;
	*rest = left < TRANSMIT_MAX ? (DWORD)left : TRANSMIT_MAX;
	return 0;
}

static ssize_t transmit(csock_handle sock, csock_handle file, int64_t offset, DWORD size)
{
	const GUID id = WSAID_TRANSMITFILE;
	LPFN_TRANSMITFILE function;
	OVERLAPPED place;
	DWORD sent = 0, flags;

	if (csi_windows_function(sock, id, &function, sizeof function) != 0)
		return csi_failure();
	ssize_t result = open_place(&place, offset);
	if (result < 0)
		return result;
	/* The size is not 0, which would send the whole file. */
	if ((function(sock, (HANDLE)file, size, 0, &place, NULL, 0) ||
	     WSAGetLastError() == WSA_IO_PENDING) &&
	    WSAGetOverlappedResult(sock, &place, &sent, TRUE, &flags))
		result = sent;
	else
		result = csi_failure();
	(void)CloseHandle(place.hEvent);
	return result;
}

static bool is_server(void)
{
	OSVERSIONINFOEXW asked = {.dwOSVersionInfoSize = sizeof asked,
				  .wProductType = VER_NT_WORKSTATION};
	DWORDLONG condition = VerSetConditionMask(0, VER_PRODUCT_TYPE, VER_EQUAL);

	return !VerifyVersionInfoW(&asked, VER_PRODUCT_TYPE, condition);
}

/*
 * Other files have no offset. What was read of a pipe and could not be sent would be lost, and to
 * read it may take for ever.
 */
static int check_is_on_disk(csock_handle file)
{
	DWORD type = GetFileType((HANDLE)file);

	if (type == FILE_TYPE_UNKNOWN && GetLastError() != NO_ERROR)
		return csi_windows_failure(GetLastError());
	return type == FILE_TYPE_DISK ? 0 : csi_system(EINVAL);
}

static ssize_t send_part(csock_handle sock, csock_handle file, int64_t offset, size_t size,
			 int flags)
{
	DWORD rest = 0;

	/* See above. */
	if ((flags & MSG_DONTWAIT) || !is_server())
		return read_and_send(sock, file, offset, size, flags);
	int result = rest_of(file, offset, size, &rest);
	return result < 0 || rest == 0 ? result : transmit(sock, file, offset, rest);
}

ssize_t csi_platform_sendfile(csock_handle sock, csock_handle file, int64_t *offset, size_t size,
			      int flags)
{
	LARGE_INTEGER position, none = {.QuadPart = 0};
	ssize_t result = check_is_on_disk(file);

	if (result < 0)
		return result;
	/* These calls move the position of the file, which its user owns. */
	bool has_position = SetFilePointerEx((HANDLE)file, none, &position, FILE_CURRENT);
	result = send_part(sock, file, *offset, size, flags);
	int error = WSAGetLastError();
	if (has_position)
		(void)SetFilePointerEx((HANDLE)file, position, NULL, FILE_BEGIN);
	WSASetLastError(error);
	if (result > 0)
		*offset += result;
	return result;
}
