/*
 * Messages: several buffers at once, and ancillary data beside them.
 *
 * Ancillary data is a run of control items (level, type, data). It is encoded into a buffer
 * of the caller's for sending, and walked through after receiving. The walk never leaves
 * what the kernel wrote, whatever length an item claims.
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

/* What csock_recvmsg fills in. */
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

/* The room that count items need, SIZE_MAX if too much; and the items written there. */
CSOCK_API size_t csock_control_size(const struct csock_control *items, size_t count);
CSOCK_API void csock_control_encode(const struct csock_control *items, size_t count, void *control);

/*
 * The item at *cursor, which moves on (begin with 0): 1, or 0 at the end. *truncated tells
 * whether the item claims more data than is there; item->size is what is there. A header
 * that is cut short, or claims less than a header, is 0 with *truncated.
 */
CSOCK_API int csock_control_next(const void *control, size_t control_size, size_t *cursor,
				 struct csock_control *item, bool *truncated);

/*
 * Closes the descriptors from SCM_RIGHTS and SCM_PIDFD, of all items or of one, for a caller that
 * cannot keep them.
 */
CSOCK_API void csock_control_close_rights(const void *control, size_t control_size);
CSOCK_API void csock_control_close_item(const struct csock_control *item);

CSOCK_API ssize_t csock_recvmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, int flags, struct csock_received *received,
				int64_t deadline);

/* control may be NULL with size 0, and to NULL for a connected socket. */
CSOCK_API ssize_t csock_sendmsg(struct csock_socket *sock, const struct csock_buffer *buffers,
				size_t count, const void *control, size_t control_size, int flags,
				const struct csock_addr *to, int64_t deadline);

CSOCK_END_DECLS

#endif
