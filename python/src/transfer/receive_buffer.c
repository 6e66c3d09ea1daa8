/*
 * The buffer that a method receives into.
 */
#include "transfer/receive_buffer.h"

#include "convert/arguments.h"
#include "convert/errors.h"

/* The number of bytes that may be written to the view: 0, or -1 with ValueError. */
static int take_size(struct receive_buffer *buffer, const struct receive_buffer_texts *texts,
		     Py_ssize_t nbytes)
{
	Py_ssize_t size = buffer->view.len;

	if (nbytes >= 0 && nbytes <= size) {
		buffer->size = (size_t)(nbytes > 0 ? nbytes : size);
		return 0;
	}
	if (nbytes < 0)
		PyErr_Format(PyExc_ValueError, "negative buffersize in %s", texts->method);
	else
		PyErr_SetString(PyExc_ValueError, texts->too_small);
	error_note("given %zd for a buffer of %zd", nbytes, size);
	return -1;
}

int receive_buffer_take(struct receive_buffer *buffer, const struct receive_buffer_texts *texts,
			PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	static const char *const parameters[] = {"buffer", "nbytes", "flags", NULL};
	const struct signature signature = {texts->method, parameters, 1, 3};
	PyObject *values[3];
	Py_ssize_t nbytes = 0;

	buffer->flags = 0;
	if (arguments_parse(&signature, args, count, names, values) < 0)
		return -1;
	if (PyObject_GetBuffer(values[0], &buffer->view, PyBUF_WRITABLE) < 0) {
		PyErr_Format(PyExc_TypeError,
			     "%s() argument 1 must be read-write bytes-like object, not %s",
			     texts->method, argument_kind(values[0]));
		return -1;
	}
	buffer->bytes = buffer->view.buf;
	if (optional_size(values[1], &nbytes) == 0 &&
	    optional_int(values[2], &buffer->flags) == 0 && take_size(buffer, texts, nbytes) == 0)
		return 0;
	receive_buffer_release(buffer);
	return -1;
}
