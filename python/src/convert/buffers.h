/*
 * Buffers of a message, taken from Python objects.
 */
#ifndef EXT_BUFFERS_H
#define EXT_BUFFERS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "csocket/csocket.h"

/* Buffers of an iterable of bytes-like objects, which stay locked until they are released. */
struct buffers {
	struct csock_buffer *items;
	size_t count;             /* of items */
	size_t size;              /* the sum of their sizes, in bytes */
	struct csock_buffer *all; /* one for each view */
	Py_buffer *views;
	Py_ssize_t view_count;
	void *memory; /* holds all and views if the room is too small; or NULL */
};

/* Room for the few buffers that most messages have, so that nothing is allocated. */
#define BUFFERS_FEW 8

struct buffers_room {
	struct csock_buffer all[BUFFERS_FEW];
	Py_buffer views[BUFFERS_FEW];
};

/*
 * flags is PyBUF_SIMPLE or PyBUF_WRITABLE. iterable may be NULL for no buffers; argument is its
 * name in messages ("sendmsg() argument 1"). room is used until the release, and may be NULL. 0, or
 * -1 with an exception and nothing taken.
 */
int buffers_take(struct buffers *buffers, struct buffers_room *room, const char *argument,
		 PyObject *iterable, int flags);
void buffers_release(struct buffers *buffers);

/* Drops the first bytes, because they are sent. */
void buffers_advance(struct buffers *buffers, size_t bytes);

#endif
