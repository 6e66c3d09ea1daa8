/*
 * Sending descriptors to other processes over AF_UNIX: send_fds and recv_fds.
 *
 * They call the socket's sendmsg() and recvmsg() by attribute, because any object with these
 * methods will do; and recv_fds() keeps the descriptors that fit. So they are not made of
 * csock_send_fds and csock_recv_fds.
 */
#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "functions/functions.h"
#include "gil/release.h"
#include "socket/methods.h"

#include <stdbool.h>
#include <string.h>

/* The data of SCM_RIGHTS: a C int for each int of an iterable. */
static PyObject *rights_of(PyObject *fds)
{
	PyObject *items = PySequence_Tuple(fds);

	if (!items)
		return NULL;
	Py_ssize_t count = PyTuple_GET_SIZE(items);
	PyObject *data = PyBytes_FromStringAndSize(NULL, count * (Py_ssize_t)sizeof(int));
	for (Py_ssize_t i = 0; data && i < count; i++) {
		int fd;
		if (argument_int(PyTuple_GET_ITEM(items, i), &fd) < 0)
			Py_CLEAR(data);
		else
			memcpy(PyBytes_AS_STRING(data) + (size_t)i * sizeof fd, &fd, sizeof fd);
	}
	Py_DECREF(items);
	return data;
}

/* The arguments for sendmsg(): an address only if one was given, with 0 for the flags. */
static PyObject *sendmsg_arguments(PyObject *const *values)
{
	PyObject *buffers = values[1], *address = values[4];
	PyObject *rights = rights_of(values[2]);

	if (!rights)
		return NULL;
	PyObject *ancdata = Py_BuildValue("[(iiN)]", SOL_SOCKET, SCM_RIGHTS, rights);
	if (!ancdata)
		return NULL;
	if (address)
		return Py_BuildValue("(ONiO)", buffers, ancdata, 0, address);
	return Py_BuildValue("(ON)", buffers, ancdata);
}

PyDoc_STRVAR(send_fds_doc,
	     "send_fds(sock, buffers, fds, flags=0, address=None)\n--\n\n"
	     "Send the descriptors fds, an iterable of ints, with the bytes of buffers over an\n"
	     "AF_UNIX socket, by its sendmsg().\n\n"
	     "Returns the number of bytes sent. A stream socket needs at least one byte. flags is\n"
	     "accepted and ignored, as in CPython's socket module: programs pass other numbers.");

static PyObject *mod_send_fds(PyObject *module, PyObject *const *args, Py_ssize_t count,
			      PyObject *names)
{
	static const char *const parameters[] = {"sock",  "buffers", "fds",
						 "flags", "address", NULL};
	static const struct signature signature = {"send_fds", parameters, 3, 5};
	PyObject *values[5];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	PyObject *method = PyObject_GetAttr(values[0], module_state(module)->names.sendmsg);
	PyObject *arguments = method ? sendmsg_arguments(values) : NULL;
	PyObject *sent = arguments ? PyObject_Call(method, arguments, NULL) : NULL;
	Py_XDECREF(arguments);
	Py_XDECREF(method);
	return sent;
}

static int append_descriptor(PyObject *fds, int fd)
{
	PyObject *number = PyLong_FromLong(fd);
	int result = number ? PyList_Append(fds, number) : -1;

	Py_XDECREF(number);
	return result;
}

/*
 * Appends the descriptors in the data of one item, without a last one that was cut off. After a
 * failure it closes the remaining ones, because nobody else knows of them.
 */
static int append_rights(PyObject *fds, PyObject *data)
{
	Py_buffer view;
	int result = 0;

	if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0)
		return -1;
	size_t count = (size_t)view.len / sizeof(int);
	for (size_t i = 0; i < count; i++) {
		int fd;
		memcpy(&fd, (const char *)view.buf + i * sizeof fd, sizeof fd);
		if (result == 0)
			result = append_descriptor(fds, fd);
		if (result < 0)
			(void)call_descriptor_close(fd);
	}
	PyBuffer_Release(&view);
	return result;
}

static int close_item(void *item)
{
	csock_ancillary_close(item);
	return 0;
}

/* Closes the descriptors of an item that the program does not get: 0, or -1 with an exception. */
static int drop_item(PyObject *parts)
{
	struct csock_ancillary item;
	char *data;
	Py_ssize_t size;

	if (argument_int(PyTuple_GET_ITEM(parts, 0), &item.level) < 0 ||
	    argument_int(PyTuple_GET_ITEM(parts, 1), &item.type) < 0 ||
	    PyBytes_AsStringAndSize(PyTuple_GET_ITEM(parts, 2), &data, &size) < 0)
		return -1;
	item.data = data;
	item.size = (size_t)size;
	return call_without_gil(close_item, &item);
}

/* Appends the descriptors of SCM_RIGHTS. Drops any other item that csocket itself has made. */
static int append_item(PyObject *fds, PyObject *item, bool is_own)
{
	PyObject *parts = unpack(item, 3);

	if (!parts)
		return -1;
	int matches = compare_int(PyTuple_GET_ITEM(parts, 0), SOL_SOCKET, Py_EQ);
	if (matches > 0)
		matches = compare_int(PyTuple_GET_ITEM(parts, 1), SCM_RIGHTS, Py_EQ);
	int result = matches > 0 ? append_rights(fds, PyTuple_GET_ITEM(parts, 2)) : matches;
	if (result == 0 && !matches && is_own)
		result = drop_item(parts);
	Py_DECREF(parts);
	return result;
}

static void close_all(PyObject *fds)
{
	for (Py_ssize_t i = 0; i < PyList_GET_SIZE(fds); i++)
		(void)call_descriptor_close((int)PyLong_AsLong(PyList_GET_ITEM(fds, i)));
}

/* Closes the descriptors of the items that csocket has made, from the given one on. */
static void drop_items(PyObject *items, Py_ssize_t first)
{
	for (Py_ssize_t i = first; i < PyList_GET_SIZE(items); i++)
		(void)drop_item(PyList_GET_ITEM(items, i));
}

/* The descriptors of all items, as a list. On an exception it closes them. */
static PyObject *received_rights(PyObject *items, bool are_own)
{
	PyObject *iterator = PyObject_GetIter(items);
	PyObject *fds = iterator ? PyList_New(0) : NULL;
	PyObject *item;
	Py_ssize_t taken = 0;
	int result = 0;

	for (; fds && result == 0 && (item = PyIter_Next(iterator)); taken++) {
		result = append_item(fds, item, are_own);
		Py_DECREF(item);
	}
	if (PyErr_Occurred()) {
		if (are_own)
			drop_items(items, taken);
		if (fds)
			close_all(fds);
		Py_CLEAR(fds);
	}
	Py_XDECREF(iterator);
	return fds;
}

/* The arguments for recvmsg(): flags only if they were given. */
static PyObject *recvmsg_arguments(PyObject *const *values)
{
	PyObject *bufsize = values[1], *flags = values[3];
	Py_ssize_t most;

	if (argument_size(values[2], &most) < 0)
		return NULL;
	size_t room = most < 0 || (size_t)most > SIZE_MAX / sizeof(int)
			      ? SIZE_MAX
			      : csock_ancillary_length((size_t)most * sizeof(int));
	if (room == SIZE_MAX) {
		PyErr_SetString(PyExc_OverflowError, "CMSG_LEN() argument out of range");
		error_note("maxfds %zd, must not be negative, and fit into one message", most);
		return NULL;
	}
	if (flags)
		return Py_BuildValue("(OnO)", bufsize, (Py_ssize_t)room, flags);
	return Py_BuildValue("(On)", bufsize, (Py_ssize_t)room);
}

/* Whether the method is csocket's. Descriptors that another one returns may have another owner. */
static bool is_own_recvmsg(PyObject *method)
{
	return PyCFunction_Check(method) &&
	       PyCFunction_GET_FUNCTION(method) == AS_METHOD(sock_recvmsg);
}

PyDoc_STRVAR(recv_fds_doc,
	     "recv_fds(sock, bufsize, maxfds, flags=0)\n--\n\n"
	     "Receive up to bufsize bytes and maxfds descriptors from an AF_UNIX socket, by its\n"
	     "recvmsg().\n\n"
	     "Returns (data, fds, msg_flags, address). fds is a list of ints; the caller has to\n"
	     "close these descriptors. MSG_CTRUNC in msg_flags tells that there were more.");

static PyObject *mod_recv_fds(PyObject *module, PyObject *const *args, Py_ssize_t count,
			      PyObject *names)
{
	static const char *const parameters[] = {"sock", "bufsize", "maxfds", "flags", NULL};
	static const struct signature signature = {"recv_fds", parameters, 3, 4};
	PyObject *values[4];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	PyObject *method = PyObject_GetAttr(values[0], module_state(module)->names.recvmsg);
	PyObject *arguments = method ? recvmsg_arguments(values) : NULL;
	PyObject *answer = arguments ? PyObject_Call(method, arguments, NULL) : NULL;
	PyObject *parts = answer ? unpack(answer, 4) : NULL;
	PyObject *fds =
		parts ? received_rights(PyTuple_GET_ITEM(parts, 1), is_own_recvmsg(method)) : NULL;
	PyObject *result =
		fds ? Py_BuildValue("(OOOO)", PyTuple_GET_ITEM(parts, 0), fds,
				    PyTuple_GET_ITEM(parts, 2), PyTuple_GET_ITEM(parts, 3))
		    : NULL;
	if (fds && !result)
		close_all(fds);
	Py_XDECREF(fds);
	Py_XDECREF(parts);
	Py_XDECREF(answer);
	Py_XDECREF(arguments);
	Py_XDECREF(method);
	return result;
}

PyMethodDef rights_functions[] = {
	{"send_fds", WITH_NAMES(mod_send_fds), send_fds_doc},
	{"recv_fds", WITH_NAMES(mod_recv_fds), recv_fds_doc},
	{NULL, NULL, 0, NULL},
};
