/*
 * repr() of sockets.
 */
#include "convert/objects.h"
#include "socket/any_method.h"
#include "socket/methods.h"

#include <stdbool.h>

PyObject *sock_base_repr(PyObject *object)
{
	const struct csock_socket *sock = &as_socket(object)->sock;

	return PyUnicode_FromFormat("<socket object, fd=%zd, family=%d, type=%d, proto=%d>",
				    (Py_ssize_t)sock_fd(as_socket(object)), sock->family,
				    sock->type, sock->protocol);
}

/* ", laddr=..." if the call gives an address that is not empty; an empty string otherwise. */
static PyObject *address_note(PyObject *object, const char *method, const char *label)
{
	PyObject *address = method_call(method, object);
	int filled = address ? PyObject_IsTrue(address) : -1;
	PyObject *note = NULL;

	if (filled > 0)
		note = PyUnicode_FromFormat(", %s=%S", label, address);
	else if (filled == 0)
		note = PyUnicode_FromString("");
	else if (PyErr_ExceptionMatches(PyExc_OSError) ||
		 PyErr_ExceptionMatches(PyExc_AttributeError)) {
		PyErr_Clear();
		note = PyUnicode_FromString("");
	}
	Py_XDECREF(address);
	return note;
}

/* The text for both addresses of an object that is not closed. */
static PyObject *addresses(PyObject *object)
{
	PyObject *local = address_note(object, "getsockname", "laddr");
	PyObject *remote = local ? address_note(object, "getpeername", "raddr") : NULL;
	PyObject *both = remote ? PyUnicode_Concat(local, remote) : NULL;

	Py_XDECREF(remote);
	Py_XDECREF(local);
	return both;
}

/* The truth of object._closed, 0 if it has none; -1 with an exception. */
static int is_closed(struct module_state *state, PyObject *object)
{
	int closed = attribute_truth(object, state->names._closed);

	if (closed >= 0 || !PyErr_ExceptionMatches(PyExc_AttributeError))
		return closed;
	PyErr_Clear();
	return 0;
}

/* Formats a number, and steals it. NULL passes on an exception. */
static PyObject *number_text(PyObject *number)
{
	PyObject *integer = number ? PyNumber_Index(number) : NULL;
	PyObject *text = integer ? PyObject_Str(integer) : NULL;

	Py_XDECREF(integer);
	Py_XDECREF(number);
	return text;
}

/* "<module.name [closed] fd=..., family=..., type=..., proto=..." */
static PyObject *beginning(PyObject *object, bool closed)
{
	PyObject *type = attribute(object, "__class__");
	PyObject *module = type ? attribute(type, "__module__") : NULL;
	PyObject *name = module ? attribute(type, "__qualname__") : NULL;
	PyObject *fd = name ? number_text(method_call("fileno", object)) : NULL;
	PyObject *family = fd ? attribute(object, "family") : NULL;
	PyObject *kind = family ? attribute(object, "type") : NULL;
	PyObject *protocol = kind ? number_text(attribute(object, "proto")) : NULL;
	PyObject *text = NULL;

	if (protocol)
		text = PyUnicode_FromFormat("<%S.%S%s fd=%S, family=%S, type=%S, proto=%S", module,
					    name, closed ? " [closed]" : "", fd, family, kind,
					    protocol);
	Py_XDECREF(protocol);
	Py_XDECREF(kind);
	Py_XDECREF(family);
	Py_XDECREF(fd);
	Py_XDECREF(name);
	Py_XDECREF(module);
	Py_XDECREF(type);
	return text;
}

ANY_METHOD(sock_repr)
{
	(void)args;
	(void)count;
	(void)names;
	int closed = is_closed(state, self);
	PyObject *first = closed < 0 ? NULL : beginning(self, closed > 0);
	PyObject *last = first && !closed ? addresses(self) : NULL;
	PyObject *text = NULL;

	if (last)
		text = PyUnicode_FromFormat("%U%U>", first, last);
	else if (first && closed)
		text = PyUnicode_FromFormat("%U>", first);
	Py_XDECREF(last);
	Py_XDECREF(first);
	return text;
}
