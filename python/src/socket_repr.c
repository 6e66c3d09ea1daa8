/*
 * How sockets read in repr().
 */
#include "methods.h"
#include "objects.h"

PyObject *sock_base_repr(PyObject *object)
{
	const struct csock_socket *sock = &as_socket(object)->sock;

	return PyUnicode_FromFormat("<socket object, fd=%d, family=%d, type=%d, proto=%d>",
				    sock->fd, sock->family, sock->type, sock->protocol);
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
	else if (PyErr_ExceptionMatches(PyExc_OSError)) {
		PyErr_Clear();
		note = PyUnicode_FromString("");
	}
	Py_XDECREF(address);
	return note;
}

PyObject *sock_repr(PyObject *object)
{
	struct socket_object *self = as_socket(object);
	PyObject *text = NULL;
	PyObject *local = NULL, *remote = NULL;
	PyObject *type = (PyObject *)Py_TYPE(object);
	PyObject *module = attribute(type, "__module__");
	PyObject *name = module ? attribute(type, "__qualname__") : NULL;

	if (name)
		local = self->closed ? PyUnicode_FromString("")
				     : address_note(object, "getsockname", "laddr");
	if (local)
		remote = self->closed ? PyUnicode_FromString("")
				      : address_note(object, "getpeername", "raddr");
	if (remote)
		text = PyUnicode_FromFormat("<%S.%S%s fd=%d, family=%d, type=%d, proto=%d%U%U>",
					    module, name, self->closed ? " [closed]" : "",
					    self->sock.fd, self->sock.family, self->sock.type,
					    self->sock.protocol, local, remote);
	Py_XDECREF(remote);
	Py_XDECREF(local);
	Py_XDECREF(name);
	Py_XDECREF(module);
	return text;
}
