/*
 * The bytes objects that data is received into.
 */
#include "received.h"

#include <string.h>

#include "inlining.h"

/* Who had the object before may have asked for its hash, which it remembers. */
static void forget_hash(PyObject *bytes)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	((PyBytesObject *)bytes)->ob_shash = -1;
#pragma GCC diagnostic pop
}

/* A new object, before those that are kept: the last of them is given up. */
APART static PyObject *new_room(PyObject **kept, int count, Py_ssize_t size)
{
	PyObject *room = PyBytes_FromStringAndSize(NULL, size);

	if (OBJECTS_ARE_KEPT && room && size <= RECEIVED_KEPT_MAX) {
		Py_XDECREF(kept[count - 1]);
		for (int i = count - 1; i > 0; i--)
			kept[i] = kept[i - 1];
		kept[0] = Py_NewRef(room);
	}
	return room;
}

static inline PyObject *room_among(PyObject **kept, int count, Py_ssize_t size)
{
	for (int i = 0; i < count; i++)
		if (kept[i] && Py_REFCNT(kept[i]) == 1 && PyBytes_GET_SIZE(kept[i]) == size) {
			forget_hash(kept[i]);
			return Py_NewRef(kept[i]);
		}
	return new_room(kept, count, size);
}

PyObject *received_room(struct module_state *state, Py_ssize_t size)
{
	return room_among(state->received, RECEIVED_KEPT, size);
}

PyObject *received_room_of(struct module_state *state, size_t i, Py_ssize_t size)
{
	return room_among(state->received_at_once[i % RECEIVED_AT_ONCE], RECEIVED_KEPT_OF_EACH,
			  size);
}

PyObject *received_fill(PyObject *room, const char *data, size_t size)
{
	if (!room)
		return NULL;
	size_t space = (size_t)PyBytes_GET_SIZE(room);
	if (UNLIKELY(size < space))
		memset(PyBytes_AS_STRING(room) + size, 0, space - size);
	memcpy(PyBytes_AS_STRING(room), data, size < space ? size : space);
	return room;
}

PyObject *received_bytes(struct module_state *state, PyObject *room, Py_ssize_t size,
			 Py_ssize_t received)
{
	if (LIKELY(received == size))
		return room;
	if (received < size && size > RECEIVED_KEPT_MAX) {
		(void)_PyBytes_Resize(&room, received);
		return room;
	}
	PyObject *bytes = received_fill(received_room(state, received), PyBytes_AS_STRING(room),
					(size_t)size);
	Py_DECREF(room);
	return bytes;
}

static void clear(PyObject **kept, int count)
{
	for (int i = 0; i < count; i++)
		Py_CLEAR(kept[i]);
}

void received_clear(struct module_state *state)
{
	clear(state->received, RECEIVED_KEPT);
	for (int i = 0; i < RECEIVED_AT_ONCE; i++)
		clear(state->received_at_once[i], RECEIVED_KEPT_OF_EACH);
}
