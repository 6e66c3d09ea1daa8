/*
 * Handles: by these the system knows a socket. In Python they are ints.
 */
#ifndef EXT_HANDLES_H
#define EXT_HANDLES_H

#include "compat.h"

#include "csocket/csocket.h"

#include "convert/system.h"

/* CSOCK_NO_HANDLE is -1. */
static inline PyObject *handle_to_python(csock_handle handle)
{
	return PyLong_FromSsize_t((Py_ssize_t)handle);
}

/* 0, or -1 with an exception. The handle may be negative. */
static inline int argument_handle(PyObject *object, csock_handle *handle)
{
	Py_ssize_t number;

	if (!int_is_small(object, &number))
		return system_handle(object, handle);
	*handle = (csock_handle)number;
	return 0;
}

/* On some systems a handle has no sign: only Python's number for it can be negative. */
static inline bool handle_is_negative(csock_handle handle)
{
	return (Py_ssize_t)handle < 0;
}

#endif
