/*
 * The free list of socket objects.
 */
#include "free_list.h"

#include "socket_object.h"

PyObject *free_list_take(struct module_state *state)
{
	if (state->free_count == 0)
		return NULL;
	PyObject *object = state->free_sockets[--state->free_count];
	(void)PyObject_Init(object, state->socket_type);
	PyObject_GC_Track(object);
	return object;
}

bool free_list_give(struct module_state *state, PyObject *object)
{
	/* What the garbage collector has finalized, it would not finalize once more. */
	if (!OBJECTS_ARE_KEPT || state->free_count == FREE_SOCKETS_MAX ||
	    !Py_IS_TYPE(object, state->socket_type) || PyObject_GC_IsFinalized(object))
		return false;
	state->free_sockets[state->free_count++] = object;
	return true;
}

void free_list_clear(struct module_state *state)
{
	while (state->free_count > 0)
		PyObject_GC_Del(state->free_sockets[--state->free_count]);
}
