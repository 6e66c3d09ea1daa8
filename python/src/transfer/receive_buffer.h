/*
 * The buffer that a method receives into.
 */
#ifndef EXT_RECEIVE_BUFFER_H
#define EXT_RECEIVE_BUFFER_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* The words of a method's messages. */
struct receive_buffer_texts {
	const char *method;
	const char *too_small; /* the message if nbytes is more than the buffer has */
};

struct receive_buffer {
	Py_buffer view; /* locked until receive_buffer_release */
	void *bytes;
	size_t size; /* how much of it may be written */
	int flags;
};

/* From the arguments (buffer, nbytes=0, flags=0): 0, or -1 with an exception and nothing taken. */
int receive_buffer_take(struct receive_buffer *buffer, const struct receive_buffer_texts *texts,
			PyObject *const *args, Py_ssize_t count, PyObject *names);

static inline void receive_buffer_release(struct receive_buffer *buffer)
{
	PyBuffer_Release(&buffer->view);
}

#endif
