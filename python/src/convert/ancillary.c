/*
 * Received ancillary data as Python objects.
 */
#include "convert/ancillary.h"

#include <limits.h>
#include <stdbool.h>

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

static int close_rights(void *arguments)
{
	const struct csock_received *received = arguments;

	csock_control_close_rights(received->control, received->control_size);
	return 0;
}

void ancillary_close_rights(struct csock_received *received)
{
	if (received->control_size > 0)
		(void)call_without_gil(close_rights, received);
}

static int append_item(PyObject *list, const struct csock_control *item)
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
	struct csock_control item;
	bool truncated;
	size_t cursor = 0;
	int more = 1;
	PyObject *list = PyList_New(0);

	while (list && more) {
		more = csock_control_next(received->control, received->control_size, &cursor, &item,
					  &truncated);
		if ((more && append_item(list, &item) < 0) || (truncated && warn_truncated() < 0))
			Py_CLEAR(list);
	}
	return list;
}
