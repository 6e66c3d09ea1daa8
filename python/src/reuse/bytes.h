/*
 * The bytes objects that data is received into.
 *
 * A module keeps the small ones that it returned last. It returns one again once nobody else has
 * it, as zip() does with its tuple. It keeps several, because a program usually still holds the
 * previous data when the next arrives, and because headers and bodies differ in size.
 */
#ifndef EXT_REUSE_BYTES_H
#define EXT_REUSE_BYTES_H

#include <string.h>

#include "csocket/system.h"

#include "inlining.h"
#include "reuse/reuse.h"

/* The largest that is kept, in bytes. */
#define REUSE_BYTES_SIZE_MAX 4096

/* A bytes object of size uninitialised bytes: a new reference, or NULL with an exception. */
PyObject *bytes_room(struct reuse *reuse, Py_ssize_t size);

/* The same for the ith of the datagrams that one call receives. */
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
 * Copies size bytes of data into the room, and fills the rest of it with zeros: with MSG_TRUNC the
 * kernel returns a size that is more than it wrote. Returns the room. NULL passes on an exception.
 */
PyObject *bytes_fill(PyObject *room, const char *data, size_t size);

/*
 * The bytes object for data that was received into a room of size bytes. Steals the room. If more
 * was received than fits (MSG_TRUNC), the object ends in zeros.
 */
PyObject *bytes_received(struct reuse *reuse, PyObject *room, Py_ssize_t size, Py_ssize_t received);

#endif
