/*
 * The bytes objects that data is received into.
 */
#include "reuse/bytes.h"

#include "compat.h"

/* Makes an object. If it may be kept, it becomes the first, and the last one is given up. */
APART static PyObject *new_room(bool is_kept, PyObject **kept, int count, Py_ssize_t size)
{
	PyObject *room = PyBytes_FromStringAndSize(NULL, size);

	if (is_kept && room && size <= REUSE_BYTES_SIZE_MAX) {
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
			/* Its former owner may have asked for its hash. */
			bytes_forget_hash(kept[i]);
			return Py_NewRef(kept[i]);
		}
	return NULL;
}

PyObject *bytes_room(struct reuse *reuse, Py_ssize_t size)
{
	PyObject *room = room_among(reuse->bytes, REUSE_BYTES_COUNT, size);

	return room ? room
		    : new_room(reuse_keeps(reuse, REUSE_BYTES), reuse->bytes, REUSE_BYTES_COUNT,
			       size);
}

PyObject *bytes_room_for_datagram(struct reuse *reuse, size_t i, Py_ssize_t size)
{
	PyObject **kept = reuse->datagrams[i % REUSE_DATAGRAMS_AT_ONCE];
	PyObject *room = room_among(kept, REUSE_BYTES_PER_DATAGRAM, size);

	return room ? room
		    : new_room(reuse_keeps(reuse, REUSE_DATAGRAMS), kept, REUSE_BYTES_PER_DATAGRAM,
			       size);
}

PyObject *bytes_fill(PyObject *room, const char *data, size_t size)
{
	if (!room)
		return NULL;
	size_t space = (size_t)PyBytes_GET_SIZE(room);
	if (UNLIKELY(size < space))
		memset(PyBytes_AS_STRING(room) + size, 0, space - size);
	memcpy(PyBytes_AS_STRING(room), data, size < space ? size : space);
	return room;
}

PyObject *bytes_received(struct reuse *reuse, PyObject *room, Py_ssize_t size, Py_ssize_t received)
{
	if (LIKELY(received == size))
		return room;
	if (received < size && size > REUSE_BYTES_SIZE_MAX) {
		(void)_PyBytes_Resize(&room, received);
		return room;
	}
	PyObject *bytes =
		bytes_fill(bytes_room(reuse, received), PyBytes_AS_STRING(room), (size_t)size);
	Py_DECREF(room);
	return bytes;
}
