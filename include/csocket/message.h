/*
 * Messages: several buffers at once, and ancillary data beside them.
 *
 * Ancillary data (RFC 3542) is a sequence of items with a level, a type and data. The caller
 * encodes them into its own buffer for sending, and iterates over them after receiving. The
 * iteration never leaves the bytes that the kernel wrote, whatever length an item claims.
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
	void *control;       /* the caller's, aligned for size_t; NULL for none */
	size_t control_size; /* before: its room; after: how much the kernel wrote */
	int flags;           /* MSG_TRUNC, MSG_CTRUNC, ... */
	struct csock_addr from;
};

/* The size of an item without the padding that may follow it, as CMSG_LEN(); SIZE_MAX if too much.
 */
CSOCK_API size_t csock_control_length(size_t data_size);

/* The size of an item with the padding that may follow it, as CMSG_SPACE(); SIZE_MAX if too much.
 */
CSOCK_API size_t csock_control_space(size_t data_size);

/* The bytes that count items need; SIZE_MAX if too many. */
CSOCK_API size_t csock_control_size(const struct csock_control *items, size_t count);

/* Writes the items to control, which has csock_control_size() bytes. */
CSOCK_API void csock_control_encode(const struct csock_control *items, size_t count, void *control);

/*
 * Reads the item at *cursor (begin with 0) and moves on: 1, or 0 at the end. It sets *truncated
 * if the item claims more data than there is; item->size is the size of the data that there is.
 * For a header that is cut short, or claims less than a header, it returns 0 with *truncated set.
 */
CSOCK_API int csock_control_next(const void *control, size_t control_size, size_t *cursor,
				 struct csock_control *item, bool *truncated);

/* Closes the descriptors of all SCM_RIGHTS and SCM_PIDFD items, for a caller that cannot keep them.
 */
CSOCK_API void csock_control_close_rights(const void *control, size_t control_size);

/* The same for one item. */
CSOCK_API void csock_control_close_item(const struct csock_control *item);

/*
 * Receives into count buffers: the number of bytes, 0 at the end of a stream, or a failure. It
 * fills in *received.
 */
CSOCK_API ssize_t csock_recvmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, int flags, struct csock_received *received,
				int64_t deadline);

/*
 * Sends count buffers as one message: the number of bytes, or a failure. control may be NULL with
 * size 0, and to NULL for a connected socket.
 */
CSOCK_API ssize_t csock_sendmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, const void *control, size_t control_size, int flags,
				const struct csock_addr *to, int64_t deadline);

CSOCK_END_DECLS

#endif
