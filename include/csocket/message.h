/*
 * Messages: data in several buffers, with ancillary data.
 *
 * Ancillary data (RFC 3542) is a sequence of items with a level, a type and data. The caller
 * encodes them into its own buffer for sending, and iterates over them after receiving. The
 * iteration stays within the bytes that the kernel wrote, even if an item claims more. All sizes
 * are in bytes.
 */
#ifndef CSOCKET_MESSAGE_H
#define CSOCKET_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/* Laid out as struct iovec. */
struct csock_buffer {
	void *data;
	size_t size;
};

struct csock_control {
	int level;
	int type;
	const void *data; /* NULL: encoded as zeros */
	size_t size;
};

/* csock_recvmsg fills this in. */
struct csock_received {
	void *control;       /* the caller's buffer, aligned for size_t; NULL for none */
	size_t control_size; /* before the call the size of control; after it the size written */
	int flags;           /* MSG_TRUNC, MSG_CTRUNC, ... */
	struct csock_addr from;
};

/* The size of an item without padding, like CMSG_LEN(); SIZE_MAX if too large for an int32_t. */
CSOCK_API size_t csock_control_length(size_t data_size);

/* The size of an item with its padding, like CMSG_SPACE(); SIZE_MAX if too large for an int32_t. */
CSOCK_API size_t csock_control_space(size_t data_size);

/* The size of count encoded items; SIZE_MAX if too large for an int32_t. */
CSOCK_API size_t csock_control_size(const struct csock_control *items, size_t count);

/* Writes the items to control, which has room for csock_control_size() bytes. */
CSOCK_API void csock_control_encode(const struct csock_control *items, size_t count, void *control);

/*
 * Reads the item at *cursor (begin with 0) and advances it: 1, or 0 at the end. item->data points
 * into control. If the item claims more data than there is, *truncated is set, and item->size is
 * the size of the data that there is. If the header is cut short, or claims less than the size of a
 * header, the call returns 0 with *truncated set.
 */
CSOCK_API int csock_control_next(const void *control, size_t control_size, size_t *cursor,
				 struct csock_control *item, bool *truncated);

/* Closes all received descriptors (SCM_RIGHTS, SCM_PIDFD), for a caller that cannot keep them. */
CSOCK_API void csock_control_close_rights(const void *control, size_t control_size);

/* The same for one item. */
CSOCK_API void csock_control_close_item(const struct csock_control *item);

/*
 * Receives into count buffers and *received (recvmsg(2)): the number of bytes, 0 at the end of a
 * stream, or a failure. Received descriptors belong to the caller; those of SCM_RIGHTS are
 * inheritable, unless flags contain MSG_CMSG_CLOEXEC. MSG_WAITALL is as for csock_recv.
 */
CSOCK_API ssize_t csock_recvmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, int flags, struct csock_received *received,
				int64_t deadline);

/*
 * Sends count buffers as one message (sendmsg(2)): the number of bytes, or a failure. control is
 * encoded ancillary data, or NULL with size 0. to is NULL for a connected socket.
 */
CSOCK_API ssize_t csock_sendmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, const void *control, size_t control_size, int flags,
				const struct csock_addr *to, int64_t deadline);

CSOCK_END_DECLS

#endif
