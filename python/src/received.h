/*
 * The bytes objects that data is received into.
 *
 * A module keeps the small ones that it gave out last. One that nobody else has any more is given
 * out again, as zip() does with its tuple: that takes a twentieth of a send and recv. Several, for
 * the data before is mostly still in a variable when the next comes, and a header and a body have
 * their own sizes. Without a GIL nobody can tell who else has an object, and none is kept.
 */
#ifndef EXT_RECEIVED_H
#define EXT_RECEIVED_H

#include "state.h"

/* In bytes. */
#define RECEIVED_KEPT_MAX 4096

/* Room for size bytes, which are not set: a new reference, or NULL with an exception. */
PyObject *received_room(struct module_state *state, Py_ssize_t size);

/*
 * The bytes object for what was received into a room for size bytes, which it takes over. With
 * MSG_TRUNC the kernel tells a size that is more than it wrote: the rest is zeros.
 */
PyObject *received_bytes(struct module_state *state, PyObject *room, Py_ssize_t size,
			 Py_ssize_t received);

/* A bytes object with a copy of data: a new reference, or NULL with an exception. */
PyObject *received_copy(struct module_state *state, const char *data, Py_ssize_t size);

#endif
