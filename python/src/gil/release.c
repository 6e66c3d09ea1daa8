/*
 * Releasing the GIL for library calls that use no socket, or close one.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "gil/release.h"

int call_close(struct csock_socket *sock)
{
	int status;

	Py_BEGIN_ALLOW_THREADS
	status = csock_close(sock);
	Py_END_ALLOW_THREADS
	return status;
}

int call_descriptor_close(csock_handle fd)
{
	int status;

	Py_BEGIN_ALLOW_THREADS
	status = csock_descriptor_close(fd);
	Py_END_ALLOW_THREADS
	return status;
}

int call_without_gil(library_work work, void *arguments)
{
	int result;

	Py_BEGIN_ALLOW_THREADS
	result = work(arguments);
	Py_END_ALLOW_THREADS
	return result;
}

int gil_break(void)
{
	Py_BEGIN_ALLOW_THREADS
	Py_END_ALLOW_THREADS
	return PyErr_CheckSignals();
}
