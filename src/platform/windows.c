/*
 * The platform contract on Windows: Winsock's start, handles, modes and the clock.
 */
#include "platform/windows.h"

#include "failure.h"
#include "platform/calls.h"
#include "platform/kernel_time.h"
#include "platform/platform.h"

static csi_mutex starting = CSI_MUTEX_INIT;
static bool is_started;

/* Not when the library is loaded: WSAStartup() itself loads libraries. */
void csi_platform_start(void)
{
	WSADATA data;

	if (__atomic_load_n(&is_started, __ATOMIC_ACQUIRE))
		return;
	csi_mutex_lock(&starting);
	/* If it fails, so do all calls of Winsock, with WSANOTINITIALISED. */
	if (!is_started && WSAStartup(MAKEWORD(2, 2), &data) == 0)
		__atomic_store_n(&is_started, true, __ATOMIC_RELEASE);
	csi_mutex_unlock(&starting);
}

int csi_windows_stop(void)
{
	int result = 0;

	csi_mutex_lock(&starting);
	if (is_started && WSACleanup() != 0)
		result = csi_failure();
	__atomic_store_n(&is_started, false, __ATOMIC_RELEASE);
	csi_mutex_unlock(&starting);
	return result;
}

int csi_windows_function(csock_handle fd, GUID id, void *function, DWORD size)
{
	DWORD got;

	return WSAIoctl(fd, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, function, size,
			&got, NULL, NULL);
}

/* Sets the mode of a new handle, which is a blocking one, and stores it; closes it on failure. */
static int set_mode(SOCKET made, bool nonblocking, csock_handle *fd)
{
	int result = nonblocking ? csi_platform_set_nonblocking(made, true) : 0;

	if (result < 0)
		(void)closesocket(made);
	else
		*fd = made;
	return result;
}

int csi_platform_socket(int family, int type, int protocol, csock_handle *fd)
{
	const DWORD flags = WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;
	bool nonblocking;

	csi_platform_start();
	type = csi_platform_socket_type(type, &nonblocking);
	SOCKET made = WSASocketW(family, type, protocol, NULL, 0, flags);
	return made == INVALID_SOCKET ? csi_failure() : set_mode(made, nonblocking, fd);
}

/* Winsock makes a connection inheritable, and gives it the mode of its listener. */
int csi_platform_accept(csock_handle fd, struct sockaddr *addr, socklen_t *length, int flags,
			csock_handle *accepted)
{
	SOCKET made = accept(fd, addr, length);

	if (made == INVALID_SOCKET)
		return csi_failure();
	int result = csi_platform_set_inheritable(made, false);
	if (result == 0)
		result = csi_platform_set_nonblocking(made, (flags & SOCK_NONBLOCK) != 0);
	if (result < 0)
		(void)closesocket(made);
	else
		*accepted = made;
	return result;
}

int csi_platform_duplicate(csock_handle fd, csock_handle *duplicate)
{
	const DWORD flags = WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;
	WSAPROTOCOL_INFOW info;

	if (WSADuplicateSocketW(fd, GetCurrentProcessId(), &info) != 0)
		return csi_failure();
	SOCKET made = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info,
				 0, flags);
	if (made == INVALID_SOCKET)
		return csi_failure();
	*duplicate = made;
	return 0;
}

int csi_platform_socket_type(int type, bool *nonblocking)
{
	*nonblocking = (type & SOCK_NONBLOCK) != 0;
	return type & ~SOCK_NONBLOCK;
}

int csi_platform_get_inheritable(csock_handle fd)
{
	DWORD flags;

	if (!GetHandleInformation((HANDLE)fd, &flags))
		return csi_windows_failure(GetLastError());
	return (flags & HANDLE_FLAG_INHERIT) != 0;
}

int csi_platform_set_inheritable(csock_handle fd, bool inheritable)
{
	DWORD flags = inheritable ? HANDLE_FLAG_INHERIT : 0;

	if (!SetHandleInformation((HANDLE)fd, HANDLE_FLAG_INHERIT, flags))
		return csi_windows_failure(GetLastError());
	return 0;
}

int csi_platform_set_nonblocking(csock_handle fd, bool nonblocking)
{
	u_long on = nonblocking;

	return ioctlsocket(fd, (long)FIONBIO, &on) == 0 ? 0 : csi_failure();
}

/* Winsock does not tell. But only attempts that must not wait ask, and they have set the mode. */
bool csi_platform_is_nonblocking(csock_handle fd)
{
	(void)fd;
	return true;
}

static csi_mutex trying = CSI_MUTEX_INIT;

void csi_platform_try_begin(csock_handle fd)
{
	csi_mutex_lock(&trying);
	/* If it fails, so does the call. */
	(void)csi_platform_set_nonblocking(fd, true);
}

void csi_platform_try_end(csock_handle fd, bool nonblocking)
{
	int error = WSAGetLastError();

	(void)csi_platform_set_nonblocking(fd, nonblocking);
	csi_mutex_unlock(&trying);
	WSASetLastError(error);
}

int csi_platform_socket_identity(csock_handle fd, int *family, int *type, int *protocol)
{
	WSAPROTOCOL_INFOW info;
	socklen_t length = sizeof info;

	if (csi_platform_getsockopt(fd, SOL_SOCKET, SO_PROTOCOL_INFOW, &info, &length) < 0)
		return csi_failure();
	*family = info.iAddressFamily;
	*type = info.iSocketType;
	*protocol = info.iProtocol;
	return 0;
}

int csi_platform_setsockopt(csock_handle fd, int level, int option, const void *value,
			    socklen_t length)
{
	DWORD written = 0;

	if (!csi_is_quick_ack(level, option))
		return setsockopt(fd, level, option, value, length);
	return WSAIoctl(fd, (DWORD)option, (void *)(uintptr_t)value, (DWORD)length, NULL, 0,
			&written, NULL, NULL);
}

int64_t csi_platform_clock(void)
{
	LARGE_INTEGER frequency, count;

	/* These cannot fail. */
	(void)QueryPerformanceFrequency(&frequency);
	(void)QueryPerformanceCounter(&count);
	int64_t seconds = count.QuadPart / frequency.QuadPart;
	int64_t rest = count.QuadPart % frequency.QuadPart;
	return seconds * CSI_NANOSECONDS + rest * CSI_NANOSECONDS / frequency.QuadPart;
}

int csi_platform_close(csock_handle fd)
{
	return closesocket(fd) == 0 ? 0 : csi_failure();
}

/* No file with an identity belongs to a socket's handle. */
int csi_platform_file_id(csock_handle fd, uint64_t *device, uint64_t *inode)
{
	(void)fd;
	(void)device;
	(void)inode;
	return csi_system(EOPNOTSUPP);
}
