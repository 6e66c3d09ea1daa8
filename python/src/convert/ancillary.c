/*
 * Ancillary data from Python objects, and to them.
 */
#include "convert/ancillary.h"

#include <limits.h>
#include <stdbool.h>

#include "convert/arguments.h"
#include "convert/errors.h"
#include "gil/release.h"

int ancillary_check_room(Py_ssize_t size)
{
	if (size >= 0 && size <= INT_MAX)
		return 0;
	PyErr_SetString(PyExc_ValueError, "invalid ancillary data buffer length");
	error_note("given %zd, must be 0-%d", size, INT_MAX);
	return -1;
}

/* The items of ancdata, and the buffers that their data is in, while they are encoded. */
struct items {
	struct csock_ancillary *objects;
	Py_buffer *views;
	Py_ssize_t count;
};

static int take_item(struct items *items, const char *argument, PyObject *object)
{
	struct csock_ancillary *item = &items->objects[items->count];
	Py_buffer *view = &items->views[items->count];
	PyObject *tuple = PySequence_Tuple(object);
	int result = -1;

	if (!tuple)
		return -1;
	if (PyTuple_GET_SIZE(tuple) != 3)
		PyErr_Format(PyExc_TypeError, "%s must have items (level, type, data), not %R",
			     argument, object);
	else if (argument_int(PyTuple_GET_ITEM(tuple, 0), &item->level) == 0 &&
		 argument_int(PyTuple_GET_ITEM(tuple, 1), &item->type) == 0)
		result = PyObject_GetBuffer(PyTuple_GET_ITEM(tuple, 2), view, PyBUF_SIMPLE);
	Py_DECREF(tuple);
	if (result < 0)
		return -1;
	item->data = view->buf;
	item->size = (size_t)view->len;
	items->count++;
	return 0;
}

int ancillary_allocate(struct ancillary *ancillary, size_t size)
{
	if (size == SIZE_MAX) {
		PyErr_SetString(PyExc_OSError, "too much ancillary data");
		return -1;
	}
	ancillary->data = PyMem_Malloc(size);
	if (!ancillary->data) {
		PyErr_NoMemory();
		return -1;
	}
	ancillary->size = size;
	return 0;
}

static int encode(struct ancillary *ancillary, const struct items *items)
{
	size_t count = (size_t)items->count;

	if (ancillary_allocate(ancillary, csock_ancillary_size(items->objects, count)) < 0)
		return -1;
	if (csock_ancillary_encode(items->objects, count, ancillary->data, ancillary->size) >= 0)
		return 0;
	PyErr_BadInternalCall();
	return -1;
}

static int take_items(struct ancillary *ancillary, const char *argument, PyObject *sequence)
{
	Py_ssize_t count = PySequence_Fast_GET_SIZE(sequence);
	struct items items = {
		.objects = PyMem_Calloc((size_t)count, sizeof *items.objects),
		.views = PyMem_Calloc((size_t)count, sizeof *items.views),
	};
	int result = 0;

	if (!items.objects || !items.views) {
		PyErr_NoMemory();
		result = -1;
	}
	for (Py_ssize_t i = 0; result == 0 && i < count; i++)
		result = take_item(&items, argument, PySequence_Fast_GET_ITEM(sequence, i));
	if (result == 0)
		result = encode(ancillary, &items);
	for (Py_ssize_t i = 0; i < items.count; i++)
		PyBuffer_Release(&items.views[i]);
	PyMem_Free(items.views);
	PyMem_Free(items.objects);
	return result;
}

int ancillary_take(struct ancillary *ancillary, const char *argument, PyObject *iterable)
{
	*ancillary = (struct ancillary){0};
	if (!iterable)
		return 0;
	PyObject *sequence = argument_tuple(argument, iterable);
	if (!sequence)
		return -1;
	int result = PyTuple_GET_SIZE(sequence) > 0 ? take_items(ancillary, argument, sequence) : 0;
	Py_DECREF(sequence);
	return result;
}

void ancillary_release(struct ancillary *ancillary)
{
	PyMem_Free(ancillary->data);
	*ancillary = (struct ancillary){0};
}

static int close_rights(void *arguments)
{
	const struct csock_received *received = arguments;

	csock_ancillary_close_rights(received->control, received->control_size);
	return 0;
}

void ancillary_close_rights(struct csock_received *received)
{
	if (received->control_size > 0)
		(void)call_without_gil(close_rights, received);
}

static int append_item(PyObject *list, const struct csock_ancillary *item)
{
	PyObject *entry = Py_BuildValue("(iiy#)", item->level, item->type, item->data,
					(Py_ssize_t)item->size);
	int result = entry ? PyList_Append(list, entry) : -1;

	Py_XDECREF(entry);
	return result;
}

static int warn_truncated(void)
{
	return PyErr_WarnEx(PyExc_RuntimeWarning,
			    "received malformed or improperly truncated ancillary data", 1);
}

PyObject *ancillary_to_python(const struct csock_received *received)
{
	struct csock_ancillary item;
	bool truncated;
	size_t cursor = 0;
	int more = 1;
	PyObject *list = PyList_New(0);

	while (list && more) {
		more = csock_ancillary_next(received->control, received->control_size, &cursor,
					    &item, &truncated);
		if ((more && append_item(list, &item) < 0) || (truncated && warn_truncated() < 0))
			Py_CLEAR(list);
	}
	return list;
}
