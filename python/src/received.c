/*
 * The bytes objects that data is received into.
 */
#include "received.h"

#include <string.h>

#include "inlining.h"

#ifdef Py_GIL_DISABLED
PyObject *received_room(struct module_state *state, Py_ssize_t size)
{
	(void)state;
	return PyBytes_FromStringAndSize(NULL, size);
}
#else
/* Who had the object before may have asked for its hash, which it remembers. */
static void forget_hash(PyObject *bytes)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	((PyBytesObject *)bytes)->ob_shash = -1;
#pragma GCC diagnostic pop
}

/* A new object, in the place of the one that was kept for the longest time. */
APART static PyObject *new_room(struct module_state *state, Py_ssize_t size)
{
	PyObject *room = PyBytes_FromStringAndSize(NULL, size);

	if (room && size <= RECEIVED_KEPT_MAX) {
		unsigned oldest = state->oldest_received++ % RECEIVED_KEPT;
		Py_XSETREF(state->received[oldest], Py_NewRef(room));
	}
	return room;
}

PyObject *received_room(struct module_state *state, Py_ssize_t size)
{
	for (int i = 0; i < RECEIVED_KEPT; i++) {
		PyObject *kept = state->received[i];
		if (kept && Py_REFCNT(kept) == 1 && PyBytes_GET_SIZE(kept) == size) {
			forget_hash(kept);
			return Py_NewRef(kept);
		}
	}
	return new_room(state, size);
}
#endif

PyObject *received_bytes(struct module_state *state, PyObject *room, Py_ssize_t size,
			 Py_ssize_t received)
{
	if (LIKELY(received == size))
		return room;
	if (received < size && size > RECEIVED_KEPT_MAX) {
		(void)_PyBytes_Resize(&room, received);
		return room;
	}
	PyObject *bytes = received_room(state, received);
	if (bytes) {
		Py_ssize_t written = received < size ? received : size;
		memcpy(PyBytes_AS_STRING(bytes), PyBytes_AS_STRING(room), (size_t)written);
		memset(PyBytes_AS_STRING(bytes) + written, 0, (size_t)(received - written));
	}
	Py_DECREF(room);
	return bytes;
}

PyObject *received_copy(struct module_state *state, const char *data, Py_ssize_t size)
{
	PyObject *bytes = received_room(state, size);

	if (bytes)
		memcpy(PyBytes_AS_STRING(bytes), data, (size_t)size);
	return bytes;
}
