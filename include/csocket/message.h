/**
 * Messages: data in several buffers, with ancillary data.
 *
 * Ancillary data is a sequence of ancillary data objects (RFC 3542), each a struct cmsghdr with
 * data after it. The caller encodes them into its own buffer for sending, and iterates over them
 * after receiving. The iteration never leaves the bytes that the kernel wrote, whatever length an
 * object claims.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_MESSAGE_H
#define CSOCKET_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/** A run of bytes; on POSIX systems laid out as struct iovec. */
struct csock_buffer {
	void *data;  /**< may be NULL if size is 0 */
	size_t size; /**< in bytes */
};

/** An ancillary data object. */
struct csock_ancillary {
	int level;        /**< such as SOL_SOCKET */
	int type;         /**< such as SCM_RIGHTS */
	const void *data; /**< NULL: encoded as zeros */
	size_t size;      /**< of the data, in bytes */
};

/** What a message has beside its data: csock_recvmsg fills this in. */
struct csock_received {
	void *control;          /**< msg_control: the caller's, aligned for size_t; NULL for none */
	size_t control_size;    /**< before: its room; after: how much the kernel wrote */
	int flags;              /**< MSG_TRUNC, MSG_CTRUNC, ... */
	struct csock_addr from; /**< the sender; its length is 0 if there is none */
};

/** The size of an object without the padding after it, as CMSG_LEN(); SIZE_MAX if too much. */
CSOCK_API size_t csock_ancillary_length(size_t data_size);

/** The size of an object with the padding after it, as CMSG_SPACE(); SIZE_MAX if too much. */
CSOCK_API size_t csock_ancillary_space(size_t data_size);

/** The number of bytes that count objects need, encoded; SIZE_MAX if too many. */
CSOCK_API size_t csock_ancillary_size(const struct csock_ancillary *objects, size_t count);

/**
 * Encodes the objects into control: the number of bytes, or CSOCK_REFUSED_SIZE if they need more
 * than there is room, and then nothing is written.
 *
 * @param objects may be NULL if count is 0
 * @param control aligned for size_t; may be NULL if room is 0
 * @param room the size of control in bytes
 */
CSOCK_API ssize_t csock_ancillary_encode(const struct csock_ancillary *objects, size_t count,
					 void *control, size_t room);

/**
 * Reads the next object: 1, or 0 at the end.
 *
 * @param control the ancillary data; may be NULL if control_size is 0
 * @param cursor the place of the object; begin with 0
 * @param object gets the object; its data is in control, and its size is that of the data that
 * there is
 * @param truncated gets whether the object claims more data than there is. For a header that is cut
 * short, or claims less than a header, it is true and the call returns 0
 */
CSOCK_API int csock_ancillary_next(const void *control, size_t control_size, size_t *cursor,
				   struct csock_ancillary *object, bool *truncated)
	CSOCK_NONNULL(3, 4, 5);

/**
 * Closes the descriptors in all SCM_RIGHTS and SCM_PIDFD objects, when nobody will keep them.
 *
 * @param control may be NULL if control_size is 0
 */
CSOCK_API void csock_ancillary_close_rights(const void *control, size_t control_size);

/** The same as csock_ancillary_close_rights for one object. */
CSOCK_API void csock_ancillary_close(const struct csock_ancillary *object) CSOCK_NONNULL(1);

/**
 * Receives into count buffers and *received (recvmsg(2)): the number of bytes, 0 at the end of a
 * stream, or a failure. Received descriptors belong to the caller; those of SCM_RIGHTS are
 * inheritable, unless flags contain MSG_CMSG_CLOEXEC. MSG_WAITALL is as for csock_recv.
 *
 * @param buffers may be NULL if count is 0
 * @param received set its control and control_size first
 */
CSOCK_API ssize_t csock_recvmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, int flags, struct csock_received *received,
				int64_t deadline) CSOCK_NONNULL(1, 5);

/**
 * Sends count buffers as one message (sendmsg(2)): the number of bytes, or a failure.
 *
 * @param buffers may be NULL if count is 0
 * @param control encoded ancillary data, or NULL with a size of 0
 * @param to NULL for a connected socket
 */
CSOCK_API ssize_t csock_sendmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, const void *control, size_t control_size, int flags,
				const struct csock_addr *to, int64_t deadline) CSOCK_NONNULL(1);

/** The most descriptors in one message (SCM_MAX_FD of the kernel). */
#define CSOCK_FDS_MAX 253

/**
 * Sends at most size bytes and all count descriptors over an AF_UNIX socket (sendmsg(2),
 * SCM_RIGHTS): the number of bytes, or a failure, and then nothing was sent. The peer gets
 * duplicates; fds stay the caller's. A stream carries descriptors only with at least one byte; if
 * the number is less than size, send the rest with csock_send_all. A count above CSOCK_FDS_MAX is
 * CSOCK_REFUSED_SIZE.
 *
 * @param data may be NULL if size is 0
 * @param fds may be NULL if count is 0
 */
CSOCK_API ssize_t csock_send_fds(struct csock_socket *sock, const void *data, size_t size,
				 const int *fds, size_t count, int flags, int64_t deadline)
	CSOCK_NONNULL(1);

/**
 * Receives at most size bytes, and the descriptors that came with them (recvmsg(2)): the number of
 * bytes, 0 at the end of a stream, or a failure.
 *
 * If more came than fds has room for, or than the process may have open, the call closes all of
 * them and fails with EMSGSIZE: the message is lost, and what a stream brings next makes no sense
 * without it. After any failure there is no descriptor to close.
 *
 * @param fds gets the descriptors, which belong to the caller and are not inheritable
 * @param count set it to the number of descriptors that fds has room for; it gets the number
 * received, often 0
 */
CSOCK_API ssize_t csock_recv_fds(struct csock_socket *sock, void *buffer, size_t size, int *fds,
				 size_t *count, int flags, int64_t deadline) CSOCK_NONNULL(1, 5);

CSOCK_END_DECLS

#endif
