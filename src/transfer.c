/*
 * Sending and receiving bytes.
 */
#include "csocket/transfer.h"

#include <errno.h>

#include "failure.h"
#include "flags.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "wait.h"

int csi_nosignal = MSG_NOSIGNAL;

void csock_set_sigpipe(bool raises)
{
	CSI_STORE(csi_nosignal, raises ? 0 : MSG_NOSIGNAL);
}

struct recv_call {
	char *buffer;
	size_t size;
	int flags;
	size_t received; /* of MSG_WAITALL */
	struct csock_addr *from;
};

static ssize_t attempt_recv(csock_handle fd, int dontwait, void *arg)
{
	const struct recv_call *call = arg;
	ssize_t n = csi_platform_recv(fd, call->buffer, call->size, call->flags | dontwait);

	return n >= 0 ? n : csi_failure();
}

static ssize_t attempt_recvfrom(csock_handle fd, int dontwait, void *arg)
{
	const struct recv_call *call = arg;
	struct csock_addr *from = call->from;
	socklen_t length = sizeof from->raw;
	ssize_t n = csi_platform_recvfrom(fd, call->buffer, call->size, call->flags | dontwait,
					  &from->raw, &length);

	if (n < 0)
		return csi_failure();
	from->length = csi_address_length(length);
	return n;
}

/* MSG_WAITALL: it would block until all bytes are there, or the stream ends. */
static ssize_t attempt_recv_rest(csock_handle fd, int dontwait, void *arg)
{
	struct recv_call *call = arg;
	bool ends = false;

	do {
		ssize_t n = csi_platform_recv(fd, call->buffer + call->received,
					      call->size - call->received, call->flags | dontwait);
		if (n < 0)
			return csi_failure();
		call->received += (size_t)n;
		ends = n == 0 || call->received == call->size;
	} while (!CSI_KERNEL_GATHERS && !dontwait && !ends);
	return ends || !dontwait ? (ssize_t)call->received : csi_system(EAGAIN);
}

/*
 * Where the kernel does not do the waiting, it takes no notice of MSG_WAITALL. Bytes that came
 * before a failure are the result, and the next call meets the failure.
 */
CSI_COLD static ssize_t recv_whole(struct csock_socket *sock, struct recv_call *call,
				   int64_t deadline)
{
	int type = CSI_LOAD(sock->type);
	bool gathers = type == SOCK_STREAM && !(call->flags & MSG_PEEK);

	/* A datagram is whole anyway, and Winsock refuses the flag. */
	if (type == SOCK_DGRAM)
		call->flags &= ~MSG_WAITALL;
	ssize_t n = csi_receive(sock, call->flags, deadline,
				gathers ? attempt_recv_rest : attempt_recv, call);

	return n < 0 && call->received > 0 ? (ssize_t)call->received : n;
}

ssize_t csock_recv(struct csock_socket *sock, void *buffer, size_t size, int flags,
		   int64_t deadline)
{
	CSI_NEED(sock);
	struct recv_call call = {.buffer = buffer, .size = size, .flags = flags};

	if (deadline != CSOCK_NOW && (flags & MSG_WAITALL) != 0)
		return recv_whole(sock, &call, deadline);
	return csi_receive(sock, flags, deadline, attempt_recv, &call);
}

ssize_t csock_recvfrom(struct csock_socket *sock, void *buffer, size_t size, int flags,
		       struct csock_addr *from, int64_t deadline)
{
	CSI_NEED(sock, from);
	struct recv_call call = {.buffer = buffer, .size = size, .flags = flags, .from = from};

	from->length = 0;
	return csi_receive(sock, flags, deadline, attempt_recvfrom, &call);
}

struct send_call {
	const void *data;
	size_t size;
	int flags;
	const struct csock_addr *to;
};

static ssize_t attempt_sendto(csock_handle fd, int dontwait, void *arg)
{
	const struct send_call *call = arg;
	const void *to = call->to ? &call->to->raw : NULL;
	socklen_t length = call->to ? (socklen_t)call->to->length : 0;
	ssize_t n =
		csi_platform_sendto(fd, call->data, call->size, call->flags | dontwait, to, length);

	return n >= 0 ? n : csi_failure();
}

ssize_t csock_sendto(struct csock_socket *sock, const void *data, size_t size, int flags,
		     const struct csock_addr *to, int64_t deadline)
{
	CSI_NEED(sock);
	struct send_call call = {
		.data = data, .size = size, .flags = csi_send_flags(flags), .to = to};

	return csi_send(sock, flags, deadline, attempt_sendto, &call);
}

ssize_t csock_send(struct csock_socket *sock, const void *data, size_t size, int flags,
		   int64_t deadline)
{
	CSI_NEED(sock);
	return csock_sendto(sock, data, size, flags, NULL, deadline);
}

int csock_send_all(struct csock_socket *sock, const void *data, size_t size, int flags,
		   size_t *sent, int64_t deadline)
{
	CSI_NEED(sock);
	bool kernel_waits = csi_kernel_waits(sock, deadline);
	size_t ignored = 0;

	if (!sent)
		sent = &ignored;
	if (*sent > size)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	/* Send at least once, for an empty datagram, and so that a broken connection fails. */
	do {
		ssize_t n =
			csock_send(sock, (const char *)data + *sent, size - *sent, flags, deadline);
		if (n < 0)
			return (int)n;
		*sent += (size_t)n;
		/* If the kernel waits, a signal or its limit (SO_SNDTIMEO) ended the call early. */
		if (*sent < size && kernel_waits)
			return csock_status_make(CSOCK_INTERRUPTED, 0);
	} while (*sent < size);
	return 0;
}

struct send_file_call {
	csock_handle file;
	int64_t *offset;
	size_t size;
};

static ssize_t attempt_send_file(csock_handle fd, int dontwait, void *arg)
{
	const struct send_file_call *call = arg;

	return csi_platform_sendfile(fd, call->file, call->offset, call->size,
				     CSI_LOAD(csi_nosignal) | dontwait);
}

ssize_t csock_send_file(struct csock_socket *sock, csock_handle file, int64_t *offset, size_t size,
			int64_t deadline)
{
	CSI_NEED(sock, offset);
	struct send_file_call call = {.file = file, .offset = offset, .size = size};

	return csi_perform_by_mode(sock, POLLOUT, deadline, attempt_send_file, &call);
}
