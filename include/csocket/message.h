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

/* The kernel's room for an item: its length without and with the padding that may follow it.
 * SIZE_MAX if that is more than the system's types can hold. */
CSOCK_API size_t csock_control_length(size_t data_size);
CSOCK_API size_t csock_control_space(size_t data_size);

/* The bytes that count items need, SIZE_MAX if too many; and the items, written to control. */
CSOCK_API size_t csock_control_size(const struct csock_control *items, size_t count);
CSOCK_API void csock_control_encode(const struct csock_control *items, size_t count, void *control);

/*
 * Reads the item at *cursor (begin with 0) and moves on: 1, or 0 at the end. It sets *truncated
 * if the item claims more data than there is; item->size is the size of the data that there is.
 * For a header that is cut short, or claims less than a header, it returns 0 with *truncated set.
 */
CSOCK_API int csock_control_next(const void *control, size_t control_size, size_t *cursor,
				 struct csock_control *item, bool *truncated);

/*
 * Closes the descriptors from SCM_RIGHTS and SCM_PIDFD, of all items or of one, for a caller that
 * cannot keep them.
 */
CSOCK_API void csock_control_close_rights(const void *control, size_t control_size);
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
