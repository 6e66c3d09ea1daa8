/*
 * The sizes of ancillary data: CMSG_LEN and CMSG_SPACE.
 */
#include <limits.h>
#include <stdint.h>

#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "functions/functions.h"

static PyObject *ancillary_size(const char *function, size_t (*size_of)(size_t), PyObject *object)
{
	Py_ssize_t length;

	if (argument_size(object, &length) < 0)
		return NULL;
	size_t size = length < 0 ? SIZE_MAX : size_of((size_t)length);
	if (size != SIZE_MAX)
		return PyLong_FromSize_t(size);
	PyErr_Format(PyExc_OverflowError, "%s() argument out of range", function);
	error_note("given %zd, must not be negative, and give at most %d", length, INT_MAX);
	return NULL;
}

PyDoc_STRVAR(CMSG_LEN_doc,
	     "CMSG_LEN(length, /)\n--\n\n"
	     "The size in bytes of an item of ancillary data that has length bytes of data,\n"
	     "without the padding after it.\n\n"
	     "OverflowError for a length out of range.");

static PyObject *mod_CMSG_LEN(PyObject *module, PyObject *length)
{
	(void)module;
	return ancillary_size("CMSG_LEN", csock_ancillary_length, length);
}

PyDoc_STRVAR(CMSG_SPACE_doc,
	     "CMSG_SPACE(length, /)\n--\n\n"
	     "The size in bytes of an item of ancillary data that has length bytes of data, with\n"
	     "the padding after it. recvmsg() for several items needs the sum of their sizes.\n\n"
	     "OverflowError for a length out of range.");

static PyObject *mod_CMSG_SPACE(PyObject *module, PyObject *length)
{
	(void)module;
	return ancillary_size("CMSG_SPACE", csock_ancillary_space, length);
}

PyMethodDef ancillary_functions[] = {
	{"CMSG_LEN", mod_CMSG_LEN, METH_O, CMSG_LEN_doc},
	{"CMSG_SPACE", mod_CMSG_SPACE, METH_O, CMSG_SPACE_doc},
	{NULL, NULL, 0, NULL},
};
