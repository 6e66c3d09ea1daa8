/*
 * SocketIO: the raw file that makefile() puts its buffers on.
 *
 * The methods that socket.py has in Python are in types/file_methods.c: they take any object, and
 * use its attributes. For a SocketIO that no program has changed they use the fields.
 */
#ifndef EXT_SOCKET_IO_H
#define EXT_SOCKET_IO_H

#include "compat.h"
#include "gil/release.h"
#include "inlining.h"
#include "socket/any_method.h"
#include "socket/type_watch.h"
#include "state.h"

#include <stdbool.h>

/*
 * The fields of a file. They come after those of its base type, whose size only that type knows.
 * All are attributes (_sock and so on) that programs may set to anything; NULL while not set.
 */
struct socket_io {
	PyObject *sock;
	PyObject *mode;
	PyObject *reading;
	PyObject *writing;
	PyObject *timeout_occurred;
};

/* SocketIO itself, for an object that may be of a subclass. */
PyTypeObject *io_own_type(PyObject *self);

/* type is SocketIO itself. */
static inline struct socket_io *io_fields(const PyTypeObject *type, PyObject *self)
{
	return (struct socket_io *)((char *)self + type->tp_base->tp_basicsize);
}

/*
 * Whether the object is of the type itself, with csocket's own methods, and has no attributes of
 * its own. Then it is open: the base type's close() sets an attribute.
 */
static inline bool io_is_plain(struct module_state *state, PyObject *self)
{
	return Py_IS_TYPE(self, state->io_type) && type_is_own(state->io_type, &state->io_watch) &&
	       has_no_attributes(state->io_type, self);
}

/* Whether a file of this type can be read, as far as its fields tell. */
static inline bool io_is_ready_to_read(const PyTypeObject *type, PyObject *self)
{
	const struct socket_io *file = io_fields(type, self);

	return RELAXED_LOAD(&file->reading) == Py_True &&
	       RELAXED_LOAD(&file->timeout_occurred) == Py_False;
}

/*
 * The number of calls of files between two breaks. They take longer than a switch interval (5 ms):
 * a thread that waits for the GIL is sure to get it only after an interval without a break.
 */
#define IO_CALLS_PER_BREAK 32768

/*
 * Lets other threads and signal handlers run now and then: 0, or -1 with a handler's exception. The
 * interpreter does that between two calls from Python. But readline() and buffers call in a loop in
 * C, and calls that find data keep the GIL: a peer that never ends its line would stop all threads.
 */
static inline int io_let_others_run(struct module_state *state)
{
	unsigned calls = RELAXED_LOAD(&state->io_calls) + 1;

	RELAXED_STORE(&state->io_calls, calls);
	return LIKELY(calls % IO_CALLS_PER_BREAK != 0) ? 0 : gil_break();
}

/* The socket below. It may be any object: a socket, ssl.SSLSocket, a mock. */
static inline PyObject *io_get_sock(struct module_state *state, PyObject *self)
{
	/* Without a GIL another thread may be closing the file. */
	if (HAS_GIL &&
	    LIKELY(Py_IS_TYPE(self, state->io_type) && io_fields(state->io_type, self)->sock))
		return Py_NewRef(io_fields(state->io_type, self)->sock);
	return PyObject_GetAttr(self, state->names._sock);
}

/* types/file_methods.c */
extern const struct any_method io_any_methods[];
ANY_METHOD(io_readable);
ANY_METHOD(io_readinto);
ANY_METHOD(io_writable);

/* Checks by its attributes that an object can be read: 0, or -1 with an exception. */
APART int io_require_reading(struct module_state *state, PyObject *self);

/* None if receiving would wait, else NULL with its exception. A timeout ends reading for ever. */
ASIDE PyObject *io_after_failed_read(struct module_state *state, PyObject *self);

/* types/file_read.c */
extern PyMethodDef io_methods[];

#endif
