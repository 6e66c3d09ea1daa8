/*
 * The memory of the socket objects that were freed last.
 */
#include "reuse/sockets.h"

PyObject *socket_memory_take(struct reuse *reuse, PyTypeObject *type)
{
	if (reuse->socket_count == 0)
		return NULL;
	PyObject *object = reuse->sockets[--reuse->socket_count];
	(void)PyObject_Init(object, type);
	PyObject_GC_Track(object);
	return object;
}

bool socket_memory_give(struct reuse *reuse, PyObject *object)
{
	/* The garbage collector finalizes an object only once. */
	if (!reuse_keeps(reuse, REUSE_SOCKETS) || reuse->socket_count == REUSE_SOCKETS_MAX ||
	    PyObject_GC_IsFinalized(object))
		return false;
	reuse->sockets[reuse->socket_count++] = object;
	return true;
}
