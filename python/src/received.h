/*
 * The bytes objects that data is received into.
 *
 * A module keeps the small ones that it gave out last. One that nobody else has any more is given
 * out again, as zip() does with its tuple: to make one and free it takes as long as a twentieth of
 * a send and recv. Several are kept, for the data before is mostly still in a variable when the
 * next comes, and a header and a body have their own sizes.
 */
#ifndef EXT_RECEIVED_H
#define EXT_RECEIVED_H

#include "csocket/csocket.h"
#include "state.h"

#include <string.h>

/* The largest, in bytes. */
#define RECEIVED_KEPT_MAX 4096

/* Room for size bytes, which are not set: a new reference, or NULL with an exception. */
PyObject *received_room(struct module_state *state, Py_ssize_t size);

/*
 * Zeroes room that the kernel may leave unwritten. With MSG_TRUNC it returns the full size of a
 * datagram that did not fit, or of data that TCP threw away.
 */
static inline void received_prepare(char *room, size_t size, int flags)
{
	if (UNLIKELY((flags & MSG_TRUNC) != 0))
		memset(room, 0, size);
}

/* The same for the ith of the datagrams that come at once. */
PyObject *received_room_of(struct module_state *state, size_t i, Py_ssize_t size);

/*
 * Copies size bytes of data into all of the room, NULL to pass on an exception. With MSG_TRUNC the
 * kernel tells a size that is more than it wrote, and so the room may be larger: the rest is zeros.
 */
PyObject *received_fill(PyObject *room, const char *data, size_t size);

/*
 * The bytes object for what was received into a room for size bytes, which it takes over. More than
 * that (MSG_TRUNC) ends in zeros.
 */
PyObject *received_bytes(struct module_state *state, PyObject *room, Py_ssize_t size,
			 Py_ssize_t received);

/* Gives up those that are kept. */
void received_clear(struct module_state *state);

#endif
