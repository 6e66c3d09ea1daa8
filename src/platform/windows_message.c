/*
 * The platform contract on Windows: messages.
 */
#include <stdlib.h>

#include "failure.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* Up to so many buffers are on the stack. */
#define FEW 64

/* The buffers of a message in Winsock's form. */
struct buffers {
	WSABUF few[FEW];
	WSABUF *all;
	DWORD count;
};

/* Winsock's sizes have 32 bits. What is beyond is left out at the end, and not within. */
static void fill_buffers(const struct msghdr *header, WSABUF *buffers)
{
	size_t room = INT_MAX;

	for (size_t i = 0; i < (size_t)header->msg_iovlen; i++) {
		const struct iovec *part = &header->msg_iov[i];
		size_t size = part->iov_len < room ? part->iov_len : room;
		buffers[i] = (WSABUF){.buf = part->iov_base, .len = (ULONG)size};
		room -= size;
	}
}

static bool take_buffers(const struct msghdr *header, struct buffers *buffers)
{
	size_t count = header->msg_iovlen;

	/* Winsock wants at least one buffer, even if it is empty. */
	buffers->few[0] = (WSABUF){0};
	buffers->all = buffers->few;
	if (count > FEW)
		buffers->all = count > INT_MAX ? NULL : calloc(count, sizeof *buffers->all);
	if (!buffers->all) {
		WSASetLastError(WSAENOBUFS);
		return false;
	}
	buffers->count = count > 0 ? (DWORD)count : 1;
	fill_buffers(header, buffers->all);
	return true;
}

static void free_buffers(struct buffers *buffers)
{
	if (buffers->all != buffers->few)
		free(buffers->all);
}

static WSAMSG message_of(const struct msghdr *header, struct buffers *buffers, int flags)
{
	return (WSAMSG){
		.name = header->msg_name,
		.namelen = header->msg_namelen,
		.lpBuffers = buffers->all,
		.dwBufferCount = buffers->count,
		.Control = {.buf = header->msg_control,
			    .len = (ULONG)csi_int_size(header->msg_controllen)},
		.dwFlags = (DWORD)flags,
	};
}

/* Sends with ancillary data, which only datagrams have. */
static int send_control(csock_handle fd, const struct msghdr *header, struct buffers *buffers,
			int flags, DWORD *sent)
{
	LPFN_WSASENDMSG function;
	WSAMSG message = message_of(header, buffers, 0);
	const GUID id = WSAID_WSASENDMSG;

	if (csi_windows_function(fd, id, &function, sizeof function) != 0)
		return SOCKET_ERROR;
	return function(fd, &message, (DWORD)flags, sent, NULL, NULL);
}

ssize_t csi_platform_sendmsg(csock_handle fd, const struct msghdr *header, int flags)
{
	struct buffers buffers;
	DWORD sent = 0;
	int result;

	flags &= ~MSG_DONTWAIT;
	if (!take_buffers(header, &buffers))
		return SOCKET_ERROR;
	if (header->msg_controllen > 0)
		result = send_control(fd, header, &buffers, flags, &sent);
	else
		result = WSASendTo(fd, buffers.all, buffers.count, &sent, (DWORD)flags,
				   header->msg_name, header->msg_namelen, NULL, NULL);
	free_buffers(&buffers);
	return result == 0 ? (ssize_t)sent : SOCKET_ERROR;
}

static int receive_control(csock_handle fd, struct msghdr *header, struct buffers *buffers,
			   DWORD *received)
{
	LPFN_WSARECVMSG function;
	WSAMSG message = message_of(header, buffers, header->msg_flags);
	const GUID id = WSAID_WSARECVMSG;

	if (csi_windows_function(fd, id, &function, sizeof function) != 0)
		return SOCKET_ERROR;
	int result = function(fd, &message, received, NULL, NULL);
	header->msg_namelen = message.namelen;
	header->msg_controllen = message.Control.len;
	header->msg_flags = (int)message.dwFlags;
	return result;
}

static int receive_plain(csock_handle fd, struct msghdr *header, struct buffers *buffers,
			 DWORD *received)
{
	DWORD flags = (DWORD)header->msg_flags;

	csi_no_name(header->msg_name);
	int result = WSARecvFrom(fd, buffers->all, buffers->count, received, &flags,
				 header->msg_name, &header->msg_namelen, NULL, NULL);
	header->msg_namelen = csi_name_length(header->msg_name, header->msg_namelen);
	header->msg_controllen = 0;
	header->msg_flags = (int)flags;
	return result;
}

/* Streams have no ancillary data, and no WSARecvMsg(). */
static bool has_messages(csock_handle fd)
{
	int type = SOCK_STREAM;
	socklen_t length = sizeof type;

	(void)csi_platform_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
	return type != SOCK_STREAM;
}

static size_t total_of(const struct buffers *buffers)
{
	size_t total = 0;

	for (DWORD i = 0; i < buffers->count; i++)
		total += buffers->all[i].len;
	return total;
}

/* If a message did not fit, that is a failure for Winsock, and not for POSIX. */
static int note_truncation(struct msghdr *header, const struct buffers *buffers, DWORD *received)
{
	if (WSAGetLastError() != WSAEMSGSIZE)
		return SOCKET_ERROR;
	header->msg_flags |= MSG_TRUNC;
	*received = (DWORD)total_of(buffers);
	return 0;
}

ssize_t csi_platform_recvmsg(csock_handle fd, struct msghdr *header, int flags)
{
	struct buffers buffers;
	DWORD received = 0;
	int result;

	header->msg_flags = csi_receive_flags(flags);
	if (!take_buffers(header, &buffers))
		return SOCKET_ERROR;
	if (header->msg_controllen > 0 && has_messages(fd))
		result = receive_control(fd, header, &buffers, &received);
	else
		result = receive_plain(fd, header, &buffers, &received);
	if (result != 0)
		result = note_truncation(header, &buffers, &received);
	/* Winsock leaves the flags of the call among those of the message. */
	header->msg_flags &= ~(MSG_PEEK | MSG_WAITALL);
	free_buffers(&buffers);
	return result == 0 ? (ssize_t)received : SOCKET_ERROR;
}

int csi_platform_sendmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags)
{
	for (unsigned int i = 0; i < count; i++) {
		ssize_t n = csi_platform_sendmsg(fd, &messages[i].header, flags);
		if (n < 0)
			return i > 0 ? (int)i : csi_failure();
		messages[i].length = (unsigned int)n;
	}
	return (int)count;
}

int csi_platform_recvmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags)
{
	unsigned int most = flags & MSG_DONTWAIT || count == 0 ? count : 1;

	for (unsigned int i = 0; i < most; i++) {
		ssize_t n = csi_platform_recvmsg(fd, &messages[i].header, flags);
		if (n < 0)
			return i > 0 ? (int)i : csi_failure();
		messages[i].length = (unsigned int)n;
	}
	return (int)most;
}
