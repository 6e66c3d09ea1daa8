/*
 * Passing descriptors over AF_UNIX.
 */
#include <string.h>

#include "csocket/message.h"

#include "failure.h"
#include "platform/names.h"

#define FDS_SIZE (CSOCK_FDS_MAX * sizeof(int))

/* Room for what the kernel puts before the descriptors: credentials, a security label, a pidfd. */
#define OTHER_ROOM 512

ssize_t csock_send_fds(struct csock_socket *sock, const void *data, size_t size, const int *fds,
		       size_t count, int flags, int64_t deadline)
{
	CSI_NEED(sock);
	_Alignas(size_t) char control[CMSG_SPACE(FDS_SIZE)];
	const struct csock_buffer buffer = {(void *)(uintptr_t)data, size};
	const struct csock_ancillary object = {SOL_SOCKET, SCM_RIGHTS, fds, count * sizeof *fds};
	ssize_t used = 0;

	if (count > CSOCK_FDS_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	if (count > 0)
		used = csock_ancillary_encode(&object, 1, control, sizeof control);
	if (used < 0)
		return used;
	return csock_sendmsg(sock, &buffer, 1, used > 0 ? control : NULL, (size_t)used, flags, NULL,
			     deadline);
}

static bool is_rights(const struct csock_ancillary *object)
{
	return object->level == SOL_SOCKET && object->type == SCM_RIGHTS;
}

/* Whether all descriptors of the message are there, and fit. */
static bool fits(const struct csock_received *received, size_t room)
{
	struct csock_ancillary object;
	size_t cursor = 0, count = 0;
	bool truncated;

	while (csock_ancillary_next(received->control, received->control_size, &cursor, &object,
				    &truncated))
		if (is_rights(&object))
			count += object.size / sizeof(int);
	return (received->flags & MSG_CTRUNC) == 0 && count <= room;
}

/* Hands over the descriptors that were sent, and closes others: the number of those sent. */
static size_t hand_over(const struct csock_received *received, int *fds)
{
	struct csock_ancillary object;
	size_t cursor = 0, count = 0;
	bool truncated;

	while (csock_ancillary_next(received->control, received->control_size, &cursor, &object,
				    &truncated)) {
		size_t here = object.size / sizeof *fds;
		if (!is_rights(&object)) {
			csock_ancillary_close(&object);
		} else if (here > 0) {
			memcpy(fds + count, object.data, here * sizeof *fds);
			count += here;
		}
	}
	return count;
}

ssize_t csock_recv_fds(struct csock_socket *sock, void *buffer, size_t size, int *fds,
		       size_t *count, int flags, int64_t deadline)
{
	CSI_NEED(sock, count);
	_Alignas(size_t) char control[CMSG_SPACE(FDS_SIZE) + OTHER_ROOM];
	struct csock_received received = {.control = control, .control_size = sizeof control};
	const struct csock_buffer all = {buffer, size};
	ssize_t n = csock_recvmsg(sock, &all, 1, flags | MSG_CMSG_CLOEXEC, &received, deadline);

	if (n < 0)
		return n;
	if (!fits(&received, *count)) {
		csock_ancillary_close_rights(control, received.control_size);
		return csi_system(EMSGSIZE);
	}
	*count = hand_over(&received, fds);
	return n;
}
