/*
 * The platform contract on Windows: the numbers of errors, and their texts.
 */
#include <stdio.h>
#include <string.h>

#include "failure.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* If a number has several rows, csi_platform_errno() returns the name of the first. */
static const struct {
	int name;
	int code;
} errors[] = {
	{EBADF, WSAENOTSOCK}, /* what Winsock says of a closed socket */
	{ENOTSOCK, WSAENOTSOCK},
	{EBADF, WSAEBADF},
	{EBADF, ERROR_INVALID_HANDLE},
	{EAGAIN, WSAEWOULDBLOCK},
	{EWOULDBLOCK, WSAEWOULDBLOCK},
	{EINTR, WSAEINTR},
	{EACCES, WSAEACCES},
	{ENXIO, ERROR_NOT_FOUND},
	{ENODEV, ERROR_INVALID_NAME},
	{EFAULT, WSAEFAULT},
	{EINVAL, WSAEINVAL},
	{EMFILE, WSAEMFILE},
	{EINPROGRESS, WSAEWOULDBLOCK}, /* what Winsock says of a connection that was begun */
	{EALREADY, WSAEALREADY},
	{EDESTADDRREQ, WSAEDESTADDRREQ},
	{EMSGSIZE, WSAEMSGSIZE},
	{EPROTOTYPE, WSAEPROTOTYPE},
	{ENOPROTOOPT, WSAENOPROTOOPT},
	{EPROTONOSUPPORT, WSAEPROTONOSUPPORT},
	{ESOCKTNOSUPPORT, WSAESOCKTNOSUPPORT},
	{EOPNOTSUPP, WSAEOPNOTSUPP},
	{ENOSYS, WSAEOPNOTSUPP},
	{EAFNOSUPPORT, WSAEAFNOSUPPORT},
	{EADDRINUSE, WSAEADDRINUSE},
	{EADDRNOTAVAIL, WSAEADDRNOTAVAIL},
	{ENETDOWN, WSAENETDOWN},
	{ENETUNREACH, WSAENETUNREACH},
	{ENETRESET, WSAENETRESET},
	{ECONNABORTED, WSAECONNABORTED},
	{ECONNRESET, WSAECONNRESET},
	{ENOBUFS, WSAENOBUFS},
	{EISCONN, WSAEISCONN},
	{ENOTCONN, WSAENOTCONN},
	{EPIPE, WSAESHUTDOWN},
	{ETIMEDOUT, WSAETIMEDOUT},
	{ECONNREFUSED, WSAECONNREFUSED},
	{ELOOP, WSAELOOP},
	{ENAMETOOLONG, WSAENAMETOOLONG},
	{EHOSTUNREACH, WSAEHOSTUNREACH},
	{EBUSY, ERROR_BUSY},
	{ENOENT, ERROR_FILE_NOT_FOUND},
	{ENOMEM, ERROR_NOT_ENOUGH_MEMORY},
	{ERANGE, ERROR_INSUFFICIENT_BUFFER},
	{EPERM, ERROR_ACCESS_DENIED},
	{EIO, ERROR_IO_DEVICE},
};

#define COUNT (sizeof errors / sizeof *errors)

#define TEXT_MAX 512

int csi_platform_code(int error)
{
	for (size_t i = 0; i < COUNT; i++)
		if (errors[i].name == error)
			return errors[i].code;
	return error;
}

int csi_platform_errno(int code)
{
	for (size_t i = 0; i < COUNT; i++)
		if (errors[i].code == code)
			return errors[i].name;
	return code;
}

int csi_windows_failure(DWORD code)
{
	WSASetLastError((int)code);
	return csi_failure();
}

/* The length without the full stop and the new line that the system's messages end with. */
static size_t trimmed(const char *text, size_t length)
{
	while (length > 0 && strchr(". \r\n", text[length - 1]))
		length--;
	return length;
}

/* The length of what fits, in whole characters of UTF-8: many languages have longer ones. */
static size_t fitting(const char *text, size_t length, size_t size)
{
	if (length < size || size == 0)
		return length;
	length = size - 1;
	while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

const char *csi_platform_error_text(int code, char *buffer, size_t size)
{
	WCHAR wide[TEXT_MAX];
	char text[TEXT_MAX * 3]; /* as UTF-8 */
	DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
	DWORD length = FormatMessageW(flags, NULL, (DWORD)code, 0, wide, TEXT_MAX, NULL);
	int written =
		WideCharToMultiByte(CP_UTF8, 0, wide, (int)length, text, sizeof text, NULL, NULL);

	if (written > 0)
		length = (DWORD)fitting(text, trimmed(text, (size_t)written), size);
	if (written > 0)
		snprintf(buffer, size, "%.*s", (int)length, text);
	else
		snprintf(buffer, size, "Windows error %d", code);
	return buffer;
}

/* Failures of the resolver and of the host database have numbers of Winsock too. */
const char *csi_platform_resolver_text(int code, char *buffer, size_t size)
{
	return csi_platform_error_text(code, buffer, size);
}

const char *csi_platform_host_text(int code, char *buffer, size_t size)
{
	return csi_platform_error_text(code, buffer, size);
}
