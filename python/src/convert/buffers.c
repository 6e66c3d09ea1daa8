/*
 * Buffers and ancillary data from Python objects.
 */
#include "convert/buffers.h"

#include <string.h>

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"

static int take_view(struct buffers *buffers, const char *argument, PyObject *object, int flags)
{
	Py_buffer *view = &buffers->views[buffers->view_count];

	if (PyObject_GetBuffer(object, view, flags) < 0) {
		if (flags != PyBUF_WRITABLE)
			return -1;
		PyErr_Format(PyExc_TypeError,
			     "%s must be an iterable of single-segment read-write buffers",
			     argument);
		error_note("%s is none", Py_TYPE(object)->tp_name);
		return -1;
	}
	buffers->all[buffers->view_count++] = (struct csock_buffer){view->buf, (size_t)view->len};
	buffers->size += (size_t)view->len;
	return 0;
}

static int make_space(struct buffers *buffers, struct buffers_room *room, size_t count)
{
	if (room && count <= BUFFERS_FEW) {
		buffers->all = room->all;
		buffers->views = room->views;
		return 0;
	}
	buffers->memory = PyMem_Malloc(count * (sizeof *buffers->views + sizeof *buffers->all));
	if (!buffers->memory) {
		PyErr_NoMemory();
		return -1;
	}
	buffers->views = buffers->memory;
	buffers->all = (struct csock_buffer *)(buffers->views + count);
	return 0;
}

static int take_views(struct buffers *buffers, struct buffers_room *room, const char *argument,
		      PyObject *sequence, int flags)
{
	Py_ssize_t count = PyTuple_GET_SIZE(sequence);

	if (count == 0)
		return 0;
	if (make_space(buffers, room, (size_t)count) < 0)
		return -1;
	for (Py_ssize_t i = 0; i < count; i++)
		if (take_view(buffers, argument, PyTuple_GET_ITEM(sequence, i), flags) < 0)
			return -1;
	buffers->items = buffers->all;
	buffers->count = (size_t)count;
	return 0;
}

/* Always copies: locking a buffer may run Python code, which could change a list. */
static PyObject *tuple_of_iterable(const char *argument, PyObject *iterable)
{
	PyObject *tuple = PySequence_Tuple(iterable);

	if (!tuple && !is_iterable(iterable)) {
		PyErr_Format(PyExc_TypeError, "%s must be an iterable", argument);
		error_note("not %s", Py_TYPE(iterable)->tp_name);
	}
	return tuple;
}

int buffers_take(struct buffers *buffers, struct buffers_room *room, const char *argument,
		 PyObject *iterable, int flags)
{
	*buffers = (struct buffers){0};
	if (!iterable)
		return 0;
	PyObject *sequence = tuple_of_iterable(argument, iterable);
	if (!sequence)
		return -1;
	int result = take_views(buffers, room, argument, sequence, flags);
	Py_DECREF(sequence);
	if (result < 0)
		buffers_release(buffers);
	return result;
}

void buffers_release(struct buffers *buffers)
{
	for (Py_ssize_t i = 0; i < buffers->view_count; i++)
		PyBuffer_Release(&buffers->views[i]);
	PyMem_Free(buffers->memory);
	*buffers = (struct buffers){0};
}

void buffers_advance(struct buffers *buffers, size_t bytes)
{
	buffers->size -= bytes;
	while (buffers->count > 0 && bytes >= buffers->items->size) {
		bytes -= buffers->items->size;
		buffers->items++;
		buffers->count--;
	}
	if (bytes > 0) {
		buffers->items->data = (char *)buffers->items->data + bytes;
		buffers->items->size -= bytes;
	}
}

/* Items and the buffers that their data is in, while they are encoded. */
struct items {
	struct csock_control *controls;
	Py_buffer *views;
	Py_ssize_t count;
};

static int take_item(struct items *items, const char *argument, PyObject *object)
{
	struct csock_control *control = &items->controls[items->count];
	Py_buffer *view = &items->views[items->count];
	PyObject *tuple = PySequence_Tuple(object);
	int result = -1;

	if (!tuple)
		return -1;
	if (PyTuple_GET_SIZE(tuple) != 3)
		PyErr_Format(PyExc_TypeError, "%s must have items (level, type, data), not %R",
			     argument, object);
	else if (argument_int(PyTuple_GET_ITEM(tuple, 0), &control->level) == 0 &&
		 argument_int(PyTuple_GET_ITEM(tuple, 1), &control->type) == 0)
		result = PyObject_GetBuffer(PyTuple_GET_ITEM(tuple, 2), view, PyBUF_SIMPLE);
	Py_DECREF(tuple);
	if (result < 0)
		return -1;
	control->data = view->buf;
	control->size = (size_t)view->len;
	items->count++;
	return 0;
}

int controls_allocate(struct controls *controls, size_t size)
{
	if (size == SIZE_MAX) {
		PyErr_SetString(PyExc_OSError, "too much ancillary data");
		return -1;
	}
	controls->data = PyMem_Malloc(size);
	if (!controls->data) {
		PyErr_NoMemory();
		return -1;
	}
	controls->size = size;
	return 0;
}

static int encode(struct controls *controls, const struct items *items)
{
	size_t count = (size_t)items->count;

	if (controls_allocate(controls, csock_control_size(items->controls, count)) < 0)
		return -1;
	csock_control_encode(items->controls, count, controls->data);
	return 0;
}

static int take_items(struct controls *controls, const char *argument, PyObject *sequence)
{
	Py_ssize_t count = PySequence_Fast_GET_SIZE(sequence);
	struct items items = {
		.controls = PyMem_Calloc((size_t)count, sizeof *items.controls),
		.views = PyMem_Calloc((size_t)count, sizeof *items.views),
	};
	int result = 0;

	if (!items.controls || !items.views) {
		PyErr_NoMemory();
		result = -1;
	}
	for (Py_ssize_t i = 0; result == 0 && i < count; i++)
		result = take_item(&items, argument, PySequence_Fast_GET_ITEM(sequence, i));
	if (result == 0)
		result = encode(controls, &items);
	for (Py_ssize_t i = 0; i < items.count; i++)
		PyBuffer_Release(&items.views[i]);
	PyMem_Free(items.views);
	PyMem_Free(items.controls);
	return result;
}

int controls_take(struct controls *controls, const char *argument, PyObject *iterable)
{
	*controls = (struct controls){0};
	if (!iterable)
		return 0;
	PyObject *sequence = tuple_of_iterable(argument, iterable);
	if (!sequence)
		return -1;
	int result = PyTuple_GET_SIZE(sequence) > 0 ? take_items(controls, argument, sequence) : 0;
	Py_DECREF(sequence);
	return result;
}

void controls_release(struct controls *controls)
{
	PyMem_Free(controls->data);
	*controls = (struct controls){0};
}
