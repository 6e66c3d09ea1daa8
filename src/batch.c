/*
 * Batches of messages.
 */
#include "csocket/batch.h"

#include <stdint.h>

#include "failure.h"
#include "flags.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "wait.h"

/* The number of message headers on the stack at once. */
#define AT_ONCE 64

struct batch_call {
	struct csi_message *messages;
	unsigned int count;
	int flags;
};

/* A stream has no messages. A closed socket passes here, and gets EBADF later. */
static int check_type(const struct csock_socket *sock)
{
	return CSI_LOAD(sock->type) == SOCK_STREAM && !csi_is_closed(sock) ? csi_system(EOPNOTSUPP)
									   : 0;
}

static unsigned int next_count(size_t left)
{
	return left < AT_ONCE ? (unsigned int)left : AT_ONCE;
}

static ssize_t attempt_send(csock_handle fd, int dontwait, void *arg)
{
	const struct batch_call *call = arg;

	return csi_platform_sendmmsg(fd, call->messages, call->count, call->flags | dontwait);
}

/* sendmmsg() does not write through these pointers. */
static struct msghdr header_for_sending(const struct csock_outgoing *message)
{
	struct msghdr header = {
		.msg_iov = (struct iovec *)(uintptr_t)message->buffers,
		.msg_iovlen = csi_iovlen_of(message->count),
		.msg_control = (void *)(uintptr_t)message->control,
		.msg_controllen = csi_controllen_of(message->control_size),
	};

	if (message->to) {
		header.msg_name = (void *)(uintptr_t)&message->to->raw;
		header.msg_namelen = (socklen_t)message->to->length;
	}
	return header;
}

static ssize_t send_some(struct csock_socket *sock, const struct csock_outgoing *messages,
			 unsigned int count, int flags, int64_t deadline)
{
	struct csi_message vector[AT_ONCE];
	struct batch_call call = {vector, count, csi_send_flags(flags)};

	for (unsigned int i = 0; i < count; i++)
		vector[i].header = header_for_sending(&messages[i]);
	return csi_send(sock, flags, deadline, attempt_send, &call);
}

ssize_t csock_sendmmsg(struct csock_socket *sock, const struct csock_outgoing *messages,
		       size_t count, int flags, int64_t deadline)
{
	CSI_NEED(sock);
	/* If so, a short count ends the call: the rest would have to wait, or a signal came. */
	bool in_one_go = deadline == CSOCK_NOW || (flags & MSG_DONTWAIT) != 0 ||
			 csi_kernel_waits(sock, deadline);
	ssize_t n = check_type(sock);
	unsigned int given;
	size_t sent = 0;

	if (n < 0)
		return n;
	/* Call at least once, so that a closed socket fails. */
	do {
		given = next_count(count - sent);
		n = send_some(sock, messages + sent, given, flags, deadline);
		if (n < 0)
			return sent > 0 ? (ssize_t)sent : n;
		sent += (size_t)n;
	} while (sent < count && !(in_one_go && (unsigned int)n < given));
	return (ssize_t)sent;
}

static ssize_t attempt_recv(csock_handle fd, int dontwait, void *arg)
{
	const struct batch_call *call = arg;

	return csi_platform_recvmmsg(fd, call->messages, call->count, call->flags | dontwait);
}

static struct msghdr header_for_receiving(struct csock_incoming *message)
{
	struct csock_received *received = &message->received;

	return (struct msghdr){
		.msg_name = &received->from.raw,
		.msg_namelen = sizeof received->from.raw,
		.msg_iov = (struct iovec *)(uintptr_t)message->buffers,
		.msg_iovlen = csi_iovlen_of(message->count),
		.msg_control = received->control,
		.msg_controllen = csi_controllen_of(received->control_size),
	};
}

static void take_over(struct csock_incoming *message, const struct csi_message *arrived)
{
	struct csock_received *received = &message->received;
	const struct msghdr *header = &arrived->header;

	message->length = arrived->length;
	received->control_size = header->msg_controllen;
	received->flags = header->msg_flags;
	received->from.length = csi_address_length(header->msg_namelen);
}

static ssize_t receive_some(struct csock_socket *sock, struct csock_incoming *messages,
			    unsigned int count, int flags, int64_t deadline)
{
	struct csi_message vector[AT_ONCE];
	struct batch_call call = {vector, count, flags};

	for (unsigned int i = 0; i < count; i++)
		vector[i] = (struct csi_message){.header = header_for_receiving(&messages[i])};
	ssize_t n = csi_receive(sock, flags, deadline, attempt_recv, &call);
	for (unsigned int i = 0; i < count && (ssize_t)i < n; i++)
		take_over(&messages[i], &vector[i]);
	return n;
}

ssize_t csock_recvmmsg(struct csock_socket *sock, struct csock_incoming *messages, size_t count,
		       int flags, int64_t deadline)
{
	CSI_NEED(sock);
	ssize_t n = check_type(sock);
	/* A call that waits for one message may leave others that are there too. */
	bool goes_on = CSI_WAITS_FOR_ONE && deadline != CSOCK_NOW;
	unsigned int given;
	size_t received = 0;

	if (n < 0)
		return n;
	do {
		goes_on = goes_on && received == 0;
		given = next_count(count - received);
		n = receive_some(sock, messages + received, given, flags,
				 received > 0 ? CSOCK_NOW : deadline);
		if (n < 0)
			return received > 0 ? (ssize_t)received : n;
		received += (size_t)n;
	} while (received < count && ((unsigned int)n == given || goes_on));
	return (ssize_t)received;
}
