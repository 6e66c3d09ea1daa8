/*
 * The memory of the socket objects that were freed last.
 *
 * Connections come and go. The interpreter has such lists for its own short-lived types; the memory
 * of others it zeroes, counts and gives back each time. Only for the socket type itself, not for
 * subclasses.
 */
#ifndef EXT_REUSE_SOCKETS_H
#define EXT_REUSE_SOCKETS_H

#include "reuse/reuse.h"

/* A new object of the type with only its head set; NULL without an exception if none is kept. */
PyObject *socket_memory_take(struct reuse *reuse, PyTypeObject *type);

/* Whether the memory is kept of an object of the type, of which nothing else is left. */
bool socket_memory_give(struct reuse *reuse, PyObject *object);

#endif
