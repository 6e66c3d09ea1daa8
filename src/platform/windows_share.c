/*
 * What only Windows has: Winsock's start, sockets for other processes, and I/O controls.
 */
#include "csocket/windows.h"

#include <limits.h>
#include <string.h>

#include "failure.h"
#include "inflight.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "platform/windows.h"

_Static_assert(sizeof(WSAPROTOCOL_INFOW) == CSOCK_SHARE_SIZE, "the size of a share");

void csock_start_winsock(void)
{
	csi_platform_start();
}

int csock_stop_winsock(void)
{
	return csi_windows_stop();
}

int csock_share_with(struct csock_socket *sock, uint32_t process,
		     unsigned char share[CSOCK_SHARE_SIZE])
{
	WSAPROTOCOL_INFOW info;
	csock_handle fd;

	CSI_NEED(sock, share);
	int result = csi_enter(sock, &fd);
	if (result < 0)
		return result;
	result = WSADuplicateSocketW(fd, process, &info) == 0 ? 0 : csi_failure();
	csi_leave(sock);
	if (result == 0)
		memcpy(share, &info, sizeof info);
	return result;
}

static WSAPROTOCOL_INFOW info_of(const unsigned char share[CSOCK_SHARE_SIZE])
{
	WSAPROTOCOL_INFOW info;

	memcpy(&info, share, sizeof info);
	return info;
}

int csock_from_share(struct csock_socket *sock, const unsigned char share[CSOCK_SHARE_SIZE])
{
	const DWORD flags = WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;

	CSI_NEED(sock, share);
	WSAPROTOCOL_INFOW info = info_of(share);

	/* What was written serves once. */
	if (!csi_is_closed(sock))
		return csi_system(EBUSY);
	csi_platform_start();
	SOCKET made = WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info,
				 0, flags);
	if (made == INVALID_SOCKET)
		return csi_failure();
	int result = csock_adopt(sock, made, info.iAddressFamily, info.iSocketType, info.iProtocol);
	if (result < 0)
		(void)csock_descriptor_close(made);
	return result;
}

void csock_share_kind(const unsigned char share[CSOCK_SHARE_SIZE], int *family, int *type,
		      int *protocol)
{
	const WSAPROTOCOL_INFOW info = info_of(share);

	*family = info.iAddressFamily;
	*type = info.iSocketType;
	*protocol = info.iProtocol;
}

int csock_io_control(struct csock_socket *sock, uint32_t control, const void *input,
		     size_t input_size, void *output, size_t output_size)
{
	DWORD written = 0;
	csock_handle fd;

	CSI_NEED(sock);
	if (input_size > INT_MAX || output_size > INT_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	int result = csi_enter(sock, &fd);
	if (result < 0)
		return result;
	if (WSAIoctl(fd, control, (void *)(uintptr_t)input, (DWORD)input_size, output,
		     (DWORD)output_size, &written, NULL, NULL) != 0)
		result = csi_failure();
	csi_leave(sock);
	return result < 0 ? result : (int)written;
}
