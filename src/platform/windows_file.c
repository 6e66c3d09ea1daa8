/*
 * The platform contract on Windows: sending a file.
 *
 * TransmitFile() is of no use: it sends all that it is asked for, and if it is cancelled because a
 * deadline has passed or the socket is closed, nobody knows how much was sent.
 */
#include <stdlib.h>

#include "failure.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* The most that one call reads and sends. */
#define CHUNK 65536U

/* Reads at the offset, and leaves the file's own position to whoever uses it: how much, or a
 * failure. */
static ssize_t read_at(csock_handle file, int64_t offset, char *buffer, size_t size)
{
	OVERLAPPED place = {.Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32)};
	LARGE_INTEGER position, none = {.QuadPart = 0};
	DWORD count = 0;

	if (!SetFilePointerEx((HANDLE)file, none, &position, FILE_CURRENT))
		return csi_windows_failure(GetLastError());
	BOOL done = ReadFile((HANDLE)file, buffer, (DWORD)size, &count, &place);
	DWORD error = done ? NO_ERROR : GetLastError();
	(void)SetFilePointerEx((HANDLE)file, position, NULL, FILE_BEGIN);
	return error == NO_ERROR || error == ERROR_HANDLE_EOF ? (ssize_t)count
							      : csi_windows_failure(error);
}

ssize_t csi_platform_sendfile(csock_handle sock, csock_handle file, int64_t *offset, size_t size,
			      int flags)
{
	char *buffer = malloc(CHUNK);

	if (!buffer)
		return csi_system(ENOMEM);
	ssize_t result = read_at(file, *offset, buffer, size < CHUNK ? size : CHUNK);
	if (result > 0) {
		result = csi_platform_sendto(sock, buffer, (size_t)result, flags, NULL, 0);
		if (result < 0)
			result = csi_failure();
		else
			*offset += result;
	}
	free(buffer);
	return result;
}
