/*
 * The memory of the socket objects that were freed last.
 *
 * The interpreter has such free lists for its own short-lived types. For other types it zeroes the
 * memory, counts the object and frees it each time. This list is for the socket type itself, not
 * for subclasses.
 */
#ifndef EXT_REUSE_SOCKETS_H
#define EXT_REUSE_SOCKETS_H

#include "reuse/reuse.h"

/* A new object of the type with only its header set; NULL without an exception if none is kept. */
PyObject *socket_memory_take(struct reuse *reuse, PyTypeObject *type);

/* Takes the memory of an object that is already cleared. Returns whether it is kept. */
bool socket_memory_give(struct reuse *reuse, PyObject *object);

#endif
