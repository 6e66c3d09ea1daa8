/*
 * The end of a socket, and its descriptor: close, detach, dup, fileno, inheritance.
 */
#include "arguments.h"
#include "enums.h"
#include "errors.h"
#include "methods.h"
#include "objects.h"

/* The descriptor of the base type goes at once, whatever files are open on it. */
PyObject *sock_close_raw(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);
	int status;

	(void)ignored;
	if (self->sock.fd < 0)
		Py_RETURN_NONE;
	if (self->state->gil.never_kept || csock_close_may_wait(&self->sock)) {
		Py_BEGIN_ALLOW_THREADS
		status = csock_close(&self->sock);
		Py_END_ALLOW_THREADS
	} else {
		status = csock_close(&self->sock);
	}
	sock_mirror(self);
	return none_or_raise(self->state, status);
}

PyObject *sock_real_close(PyObject *self, PyObject *ignored)
{
	return sock_close_raw(self, ignored);
}

IN_ONE_PIECE PyObject *sock_close(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);

	(void)ignored;
	self->closed = true;
	if (self->io_refs > 0)
		Py_RETURN_NONE;
	if (sock_is_plain(self->state, object))
		return sock_real_close(object, NULL);
	/* By attribute, here and below: subclasses and test tools have methods of their own. */
	return PyObject_CallMethodNoArgs(object, self->state->names._real_close);
}

/* Called as each file of makefile() is closed. */
PyObject *sock_decref_socketios(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);

	(void)ignored;
	if (self->io_refs > 0)
		self->io_refs--;
	if (!self->closed)
		Py_RETURN_NONE;
	return PyObject_CallMethodNoArgs(object, self->state->names.close);
}

PyObject *sock_detach_raw(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);
	int fd = csock_detach(&self->sock);

	(void)ignored;
	sock_mirror(self);
	return PyLong_FromLong(fd);
}

PyObject *sock_detach(PyObject *object, PyObject *ignored)
{
	as_socket(object)->closed = true;
	return sock_detach_raw(object, ignored);
}

PyObject *sock_fileno(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return PyLong_FromLong(as_socket(self)->sock.fd);
}

/* A socket of the same class around the descriptor, which it then owns. */
static PyObject *make_sibling(PyObject *object, int fd)
{
	struct socket_object *self = as_socket(object);
	PyObject *family = enum_member(self->state, ENUM_ADDRESS_FAMILY, self->sock.family);
	PyObject *kind =
		family ? enum_member(self->state, ENUM_SOCKET_KIND, self->sock.type) : NULL;
	PyObject *arguments =
		kind ? Py_BuildValue("(OOi)", family, kind, self->sock.protocol) : NULL;
	PyObject *keywords = arguments ? Py_BuildValue("{s:i}", "fileno", fd) : NULL;
	PyObject *sibling =
		keywords ? PyObject_Call((PyObject *)Py_TYPE(object), arguments, keywords) : NULL;

	if (!sibling)
		(void)csock_descriptor_close(fd);
	Py_XDECREF(keywords);
	Py_XDECREF(arguments);
	Py_XDECREF(kind);
	Py_XDECREF(family);
	return sibling;
}

PyObject *sock_dup(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);
	int fd = csock_duplicate(&self->sock);

	(void)ignored;
	if (fd < 0)
		return raise_status(self->state, fd);
	PyObject *sibling = make_sibling(object, fd);
	PyObject *timeout = sibling ? timeout_to_python(self->timeout) : NULL;
	PyObject *done = timeout ? method_call("settimeout", sibling, timeout) : NULL;
	Py_XDECREF(timeout);
	Py_XDECREF(done);
	if (done || !sibling)
		return sibling;
	close_raised(sibling);
	return NULL;
}

PyObject *sock_get_inheritable(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);
	int result = csock_get_inheritable(&self->sock);

	(void)ignored;
	return result < 0 ? raise_status(self->state, result) : PyBool_FromLong(result);
}

PyObject *sock_set_inheritable(PyObject *object, PyObject *const *args, Py_ssize_t count,
			       PyObject *names)
{
	static const char *const parameters[] = {"inheritable", NULL};
	static const struct signature signature = {"set_inheritable", parameters, 1, 1};
	struct socket_object *self = as_socket(object);
	PyObject *inheritable;
	int flag;

	/* An int, as os.set_inheritable() wants it. */
	if (arguments_parse(&signature, args, count, names, &inheritable) < 0 ||
	    argument_int(inheritable, &flag) < 0)
		return NULL;
	return none_or_raise(self->state, csock_set_inheritable(&self->sock, flag != 0));
}

PyObject *sock_enter(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return Py_NewRef(self);
}

PyObject *sock_exit(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
	struct socket_object *self = as_socket(object);

	(void)args;
	(void)count;
	if (self->closed)
		Py_RETURN_NONE;
	if (sock_is_plain(self->state, object))
		return sock_close(object, NULL);
	PyObject *done = PyObject_CallMethodNoArgs(object, self->state->names.close);
	if (!done)
		return NULL;
	Py_DECREF(done);
	Py_RETURN_NONE;
}
