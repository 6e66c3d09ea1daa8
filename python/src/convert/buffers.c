/*
 * Buffers from Python objects.
 */
#include "convert/buffers.h"

#include <string.h>

#include "convert/arguments.h"
#include "convert/errors.h"

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

int buffers_take(struct buffers *buffers, struct buffers_room *room, const char *argument,
		 PyObject *iterable, int flags)
{
	*buffers = (struct buffers){0};
	if (!iterable)
		return 0;
	PyObject *sequence = argument_tuple(argument, iterable);
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
