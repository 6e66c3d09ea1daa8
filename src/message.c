/*
 * Sending and receiving messages.
 */
#include "csocket/message.h"

#include <stddef.h>

#include "failure.h"
#include "flags.h"
#include "platform/calls.h"
#include "wait.h"

_Static_assert(sizeof(struct csock_buffer) == sizeof(struct iovec), "laid out as struct iovec");
_Static_assert(offsetof(struct csock_buffer, data) == offsetof(struct iovec, iov_base) &&
		       offsetof(struct csock_buffer, size) == offsetof(struct iovec, iov_len),
	       "laid out as struct iovec");

struct message_call {
	const struct csock_buffer *buffers;
	size_t count;
	int flags;
	bool is_received;
	union {
		struct csock_received *received;
		struct {
			const void *control;
			size_t control_size;
			const struct csock_addr *to;
		} sent;
	};
};

static struct msghdr header_for(const struct message_call *call)
{
	return (struct msghdr){
		.msg_iov = (struct iovec *)(uintptr_t)call->buffers,
		.msg_iovlen = csi_iovlen_of(call->count),
	};
}

static ssize_t attempt_recvmsg(csock_handle fd, int dontwait, void *arg)
{
	struct message_call *call = arg;
	struct csock_received *received = call->received;
	struct msghdr header = header_for(call);

	header.msg_name = &received->from.raw;
	header.msg_namelen = sizeof received->from.raw;
	header.msg_control = received->control;
	header.msg_controllen = csi_controllen_of(received->control_size);
	ssize_t n = csi_platform_recvmsg(fd, &header, call->flags | dontwait);
	if (n < 0)
		return csi_failure();
	call->is_received = true;
	received->control_size = header.msg_controllen;
	received->flags = header.msg_flags;
	received->from.length = csi_address_length(header.msg_namelen);
	return n;
}

ssize_t csock_recvmsg(struct csock_socket *sock, const struct csock_buffer *buffers, size_t count,
		      int flags, struct csock_received *received, int64_t deadline)
{
	CSI_NEED(sock, received);
	struct message_call call = {
		.buffers = buffers, .count = count, .flags = flags, .received = received};

	ssize_t n = csi_receive(sock, flags, deadline, attempt_recvmsg, &call);
	/* The socket was closed meanwhile. A message without data may have brought descriptors. */
	if (n < 0 && call.is_received)
		csock_ancillary_close_rights(received->control, received->control_size);
	return n;
}

static ssize_t attempt_sendmsg(csock_handle fd, int dontwait, void *arg)
{
	const struct message_call *call = arg;
	struct msghdr header = header_for(call);

	/* sendmsg() does not write through these pointers. */
	if (call->sent.to) {
		header.msg_name = (void *)(uintptr_t)&call->sent.to->raw;
		header.msg_namelen = (socklen_t)call->sent.to->length;
	}
	header.msg_control = (void *)(uintptr_t)call->sent.control;
	header.msg_controllen = csi_controllen_of(call->sent.control_size);
	ssize_t n = csi_platform_sendmsg(fd, &header, call->flags | dontwait);
	return n >= 0 ? n : csi_failure();
}

ssize_t csock_sendmsg(struct csock_socket *sock, const struct csock_buffer *buffers, size_t count,
		      const void *control, size_t control_size, int flags,
		      const struct csock_addr *to, int64_t deadline)
{
	CSI_NEED(sock);
	struct message_call call = {
		.buffers = buffers,
		.count = count,
		.flags = csi_send_flags(flags),
		.sent = {.control = control, .control_size = control_size, .to = to},
	};

	return csi_send(sock, flags, deadline, attempt_sendmsg, &call);
}
