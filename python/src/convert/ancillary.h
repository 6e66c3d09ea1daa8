/*
 * Ancillary data from Python objects, and to them.
 */
#ifndef EXT_ANCILLARY_H
#define EXT_ANCILLARY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "csocket/csocket.h"

/* Encoded ancillary data of an iterable of (level, type, data). */
struct ancillary {
	void *data; /* NULL for none */
	size_t size;
};

/* iterable may be NULL for none. 0, or -1 with an exception and nothing taken. */
int ancillary_take(struct ancillary *ancillary, const char *argument, PyObject *iterable);
void ancillary_release(struct ancillary *ancillary);

/* Room for encoded data of a size that the library gave: 0, or -1 with an exception. */
int ancillary_allocate(struct ancillary *ancillary, size_t size);

/* Raises ValueError if a buffer for ancillary data cannot have this size: 0, or -1. */
int ancillary_check_room(Py_ssize_t size);

/*
 * The list of (level, type, data) that the kernel wrote. Issues a RuntimeWarning if an item is cut
 * off.
 */
PyObject *ancillary_to_python(const struct csock_received *received);

/* Closes the received descriptors. If the program never gets their numbers, they would leak. */
void ancillary_close_rights(struct csock_received *received);

#endif
