/*
 * The platform contract on Windows: sending a file.
 *
 * TransmitFile() sends within the kernel, but there are two reasons for reading and sending:
 *
 * - When TransmitFile() is cancelled, it is not documented whether it tells how much it has sent.
 * So it is for calls that only the end of the socket cancels.
 * - Windows for clients does two of them at a time, on the whole machine. Two peers that do not
 *   receive would stop the files of all programs. So it is for Windows Server.
 */
#include <stdlib.h>

#include "failure.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* The most that one call reads and sends, or transmits: Ctrl-C is seen between calls. */
#define CHUNK 65536U
#define TRANSMIT_MAX (1U << 20)

/* A place in a file, and what tells the end of a call that does not end at once. */
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
	/* A file that was opened for overlapped reading goes on reading. */
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
	/* With a size of 0 it would send the whole file. */
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

/* Whether TransmitFile() may send it: see above. */
static bool may_transmit(csock_handle file, int flags)
{
	return !(flags & MSG_DONTWAIT) && GetFileType((HANDLE)file) == FILE_TYPE_DISK &&
	       is_server();
}

static ssize_t send_part(csock_handle sock, csock_handle file, int64_t offset, size_t size,
			 int flags)
{
	DWORD rest = 0;

	if (!may_transmit(file, flags))
		return read_and_send(sock, file, offset, size, flags);
	int result = rest_of(file, offset, size, &rest);
	return result < 0 || rest == 0 ? result : transmit(sock, file, offset, rest);
}

ssize_t csi_platform_sendfile(csock_handle sock, csock_handle file, int64_t *offset, size_t size,
			      int flags)
{
	LARGE_INTEGER position, none = {.QuadPart = 0};

	/* The position is left to whoever uses the file. A pipe has none. */
	bool has_position = SetFilePointerEx((HANDLE)file, none, &position, FILE_CURRENT);
	ssize_t result = send_part(sock, file, *offset, size, flags);
	int error = WSAGetLastError();
	if (has_position)
		(void)SetFilePointerEx((HANDLE)file, position, NULL, FILE_BEGIN);
	WSASetLastError(error);
	if (result > 0)
		*offset += result;
	return result;
}
