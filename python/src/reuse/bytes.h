/*
 * The bytes objects that data is received into.
 *
 * A module keeps the small ones that it gave out last. One that nobody else has any more is given
 * out again, as zip() does with its tuple. Several are kept, because the data before is mostly
 * still in a variable when the next comes, and a header and a body have sizes of their own.
 */
#ifndef EXT_REUSE_BYTES_H
#define EXT_REUSE_BYTES_H

#include <string.h>
#include <sys/socket.h>

#include "inlining.h"
#include "reuse/reuse.h"

/* The largest that is kept, in bytes. */
#define REUSE_BYTES_SIZE_MAX 4096

/* Room for size bytes, which are not set: a new reference, or NULL with an exception. */
PyObject *bytes_room(struct reuse *reuse, Py_ssize_t size);

/* The same for the ith of the datagrams that come at once. */
PyObject *bytes_room_for_datagram(struct reuse *reuse, size_t i, Py_ssize_t size);

/*
 * Zeroes room that the kernel may leave unwritten. With MSG_TRUNC it returns the full size of a
 * datagram that did not fit, or of data that TCP threw away.
 */
static inline void bytes_prepare(char *room, size_t size, int flags)
{
	if (UNLIKELY((flags & MSG_TRUNC) != 0))
		memset(room, 0, size);
}

/*
 * Copies size bytes of data into all of the room, NULL to pass on an exception. With MSG_TRUNC the
 * kernel tells a size that is more than it wrote, and so the room may be larger: the rest is zeros.
 */
PyObject *bytes_fill(PyObject *room, const char *data, size_t size);

/*
 * The bytes object for what was received into a room for size bytes, which it takes over. More than
 * that (MSG_TRUNC) ends in zeros.
 */
PyObject *bytes_received(struct reuse *reuse, PyObject *room, Py_ssize_t size, Py_ssize_t received);

#endif
