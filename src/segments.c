/*
 * Segments: datagrams of one size in one run of bytes, which the kernel splits and joins.
 */
#include "csocket/batch.h"

#include <errno.h>
#include <string.h>

#include "failure.h"
#include "inflight.h"
#include "platform/calls.h"

/* From the kernel's include/uapi/linux/udp.h, at level IPPROTO_UDP. */
enum {
	SEGMENT_SIZE = 103,     /* UDP_SEGMENT, ancillary data for sending */
	RECEIVED_SEGMENTS = 104 /* UDP_GRO, received ancillary data */
};

/* The most datagrams in one run that every kernel splits; newer kernels split 128. */
#define SEGMENTS_MAX 64

/* The largest UDP payload over IPv4, whose length field includes its header; over IPv6 20 more. */
#define PAYLOAD_MAX 65507

/* The number of datagrams passed at once if the kernel does not split them. */
#define AT_ONCE 64

/* Room for all that may come before the object: time stamps, marks, counters. */
#define CONTROL_ROOM 512

struct segments_call {
	struct csock_socket *sock;
	const char *data;
	size_t size;
	size_t segment_size;
	int flags;
	const struct csock_addr *to;
	int64_t deadline;
	size_t sent;
};

/* The size of the largest run for one call; segment_size or 0 if two datagrams are too large. */
static size_t run_size(const struct segments_call *call)
{
	size_t count = PAYLOAD_MAX / call->segment_size;

	return (count < SEGMENTS_MAX ? count : SEGMENTS_MAX) * call->segment_size;
}

/* Notes whether the kernel knows the option, while inside: it is the answer of this descriptor. */
static void ask_kernel(struct csock_socket *sock)
{
	csock_handle fd;
	int ignored;
	socklen_t size = sizeof ignored;

	if (csi_enter(sock, &fd) < 0)
		return;
	if (csi_platform_getsockopt(fd, IPPROTO_UDP, SEGMENT_SIZE, &ignored, &size) == 0)
		CSI_STORE(sock->cuts_segments, true);
	csi_leave(sock);
}

/*
 * Whether the kernel can be asked to cut: another socket, or an older kernel, would take no notice
 * of the object, and send the run as one datagram.
 */
static bool kernel_cuts(const struct segments_call *call)
{
	struct csock_socket *sock = call->sock;

	if (call->size <= call->segment_size || run_size(call) <= call->segment_size)
		return false;
	if (!CSI_LOAD(sock->cuts_segments))
		ask_kernel(sock);
	return CSI_LOAD(sock->cuts_segments);
}

/* Whether the kernel or the route refused a run, but may still accept single datagrams. */
static bool is_refusal(ssize_t status)
{
	if (csock_status_domain(status) != CSOCK_SYSTEM)
		return false;
	switch (csi_platform_errno(csock_status_code(status))) {
	case EINVAL:
	case EIO:
	case EMSGSIZE:
	case ENOPROTOOPT:
	case EOPNOTSUPP:
		return true;
	default:
		return false;
	}
}

/* Lets the kernel split the data: 0, or the failure that stopped it. */
static ssize_t send_runs(struct segments_call *call)
{
	uint16_t segment_size = (uint16_t)call->segment_size;
	const struct csock_ancillary object = {IPPROTO_UDP, SEGMENT_SIZE, &segment_size,
					       sizeof segment_size};
	size_t run = run_size(call);
	_Alignas(size_t) char control[64];
	ssize_t control_size = csock_ancillary_encode(&object, 1, control, sizeof control);

	if (control_size < 0)
		return control_size;
	while (call->sent < call->size) {
		size_t left = call->size - call->sent;
		const struct csock_buffer buffer = {(void *)(uintptr_t)(call->data + call->sent),
						    left < run ? left : run};
		ssize_t n = csock_sendmsg(call->sock, &buffer, 1, control, (size_t)control_size,
					  call->flags, call->to, call->deadline);
		if (n < 0)
			return n;
		call->sent += (size_t)n;
	}
	return 0;
}

/* Makes messages of the next datagrams, AT_ONCE at most: their number. */
static size_t cut(const struct segments_call *call, struct csock_buffer *buffers,
		  struct csock_outgoing *messages)
{
	size_t at = call->sent, count = 0;

	for (; count < AT_ONCE && at < call->size; count++) {
		size_t left = call->size - at;
		size_t size = left < call->segment_size ? left : call->segment_size;
		buffers[count] = (struct csock_buffer){(void *)(uintptr_t)(call->data + at), size};
		messages[count] = (struct csock_outgoing){
			.buffers = &buffers[count], .count = 1, .to = call->to};
		at += size;
	}
	return count;
}

/*
 * Sends the datagrams in batches: 0 if all are sent or a batch was cut short, or the failure if
 * nothing of a batch was sent.
 */
static ssize_t send_singly(struct segments_call *call)
{
	struct csock_buffer buffers[AT_ONCE];
	struct csock_outgoing messages[AT_ONCE];
	size_t count;
	ssize_t n;

	/* Call at least once, so that a closed socket fails. */
	do {
		count = cut(call, buffers, messages);
		n = csock_sendmmsg(call->sock, messages, count, call->flags, call->deadline);
		if (n < 0)
			return n;
		size_t left = call->size - call->sent, sent = (size_t)n * call->segment_size;
		call->sent += sent < left ? sent : left;
	} while ((size_t)n == count && call->sent < call->size);
	return 0;
}

ssize_t csock_send_segments(struct csock_socket *sock, const void *data, size_t size,
			    size_t segment_size, int flags, const struct csock_addr *to,
			    int64_t deadline)
{
	CSI_NEED(sock);
	struct segments_call call = {
		.sock = sock,
		.data = data,
		.size = size,
		.segment_size = segment_size < size ? segment_size : size,
		.flags = flags,
		.to = to,
		.deadline = deadline,
	};

	if (segment_size == 0)
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	bool cutting = kernel_cuts(&call);
	ssize_t status = cutting ? send_runs(&call) : 0;
	if (!cutting || is_refusal(status))
		status = send_singly(&call);
	return call.sent > 0 ? (ssize_t)call.sent : status;
}

/* The length of a run's datagrams, as the kernel reports it; 0 if it reports none. */
static size_t reported_segment_size(const struct csock_received *received)
{
	struct csock_ancillary object;
	size_t cursor = 0;
	bool truncated;
	int size = 0;

	while (csock_ancillary_next(received->control, received->control_size, &cursor, &object,
				    &truncated))
		if (object.level == IPPROTO_UDP && object.type == RECEIVED_SEGMENTS &&
		    object.size >= sizeof size)
			memcpy(&size, object.data, sizeof size);
	return size > 0 ? (size_t)size : 0;
}

ssize_t csock_recv_segments(struct csock_socket *sock, void *buffer, size_t size, int flags,
			    size_t *segment_size, struct csock_addr *from, int64_t deadline)
{
	CSI_NEED(sock, segment_size, from);
	_Alignas(size_t) char control[CONTROL_ROOM];
	int family = CSI_LOAD(sock->family);
	bool is_internet = family == AF_INET || family == AF_INET6;
	/* Another kind of socket could receive descriptors, which nobody would close. */
	struct csock_received received = {
		.control = is_internet ? control : NULL,
		.control_size = is_internet ? sizeof control : 0,
	};
	const struct csock_buffer all = {buffer, size};
	ssize_t n = csock_recvmsg(sock, &all, 1, flags, &received, deadline);

	if (n < 0)
		return n;
	size_t reported = reported_segment_size(&received);
	*segment_size = reported > 0 && reported < (size_t)n ? reported : (size_t)n;
	*from = received.from;
	return n;
}
