/*
 * The end of a socket, and its descriptor: close, detach, dup, fileno, inheritance.
 */
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/handles.h"
#include "convert/objects.h"
#include "convert/system.h"
#include "names/imports.h"
#include "published.h"
#include "reuse/tuples.h"
#include "socket/any_method.h"
#include "socket/handover.h"
#include "socket/methods.h"

/* The base type closes its descriptor at once, even if files are open on it. */
PyObject *sock_close_raw(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);

	(void)ignored;
	return none_or_raise(self->state, sock_shut(self));
}

/* Turns the result of a method into None; passes NULL on. */
static PyObject *none_after(PyObject *done)
{
	if (!done)
		return NULL;
	Py_DECREF(done);
	Py_RETURN_NONE;
}

/* _real_close(_ss=_socket.socket): calls close() of the type _ss. */
ANY_METHOD(sock_real_close)
{
	static const char *const parameters[] = {"_ss", NULL};
	static const struct signature signature = {"_real_close", parameters, 0, 1};
	PyObject *type;

	if (arguments_parse(&signature, args, count, names, &type) < 0)
		return NULL;
	if (!type && PyObject_TypeCheck(self, state->base_type))
		return sock_close_raw(self, NULL);
	return none_after(method_call("close", type ? type : (PyObject *)state->base_type, self));
}

/* Uses attributes, here and below: subclasses and test tools have their own methods. */
static PyObject *close_any(struct module_state *state, PyObject *self)
{
	if (PyObject_SetAttr(self, state->names._closed, Py_True) < 0)
		return NULL;
	int has_files = attribute_compare(self, state->names._io_refs, 0, Py_GT);
	if (has_files > 0)
		Py_RETURN_NONE;
	return has_files < 0
		       ? NULL
		       : none_after(PyObject_CallMethodNoArgs(self, state->names._real_close));
}

static PyObject *close_plain(struct socket_object *self)
{
	if (sock_mark_closed(self))
		Py_RETURN_NONE;
	return sock_close_raw((PyObject *)self, NULL);
}

IN_ONE_PIECE ANY_METHOD(sock_close)
{
	(void)args;
	(void)count;
	(void)names;
	return LIKELY(sock_is_plain(state, self)) ? close_plain(as_socket(self))
						  : close_any(state, self);
}

/* Closes the socket now if close() was called while files of makefile() were open. */
static PyObject *close_if_closed(struct module_state *state, PyObject *self)
{
	int closed = attribute_truth(self, state->names._closed);

	if (closed == 0)
		Py_RETURN_NONE;
	return closed < 0 ? NULL : none_after(PyObject_CallMethodNoArgs(self, state->names.close));
}

/* Each file of makefile() calls this when it is closed. */
ANY_METHOD(sock_decref_socketios)
{
	(void)args;
	(void)count;
	(void)names;
	if (sock_is_plain(state, self)) {
		if (sock_drop_file(as_socket(self)))
			return close_plain(as_socket(self));
		Py_RETURN_NONE;
	}
	int has_files = attribute_compare(self, state->names._io_refs, 0, Py_GT);
	if (has_files < 0 || (has_files && attribute_add(self, state->names._io_refs, -1) < 0))
		return NULL;
	return close_if_closed(state, self);
}

PyObject *sock_detach_raw(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);
	csock_handle fd = csock_detach(&self->sock);

	(void)ignored;
	sock_mirror(self);
	return handover_fileno(fd);
}

/* Like "self._closed = True; return super().detach()" in socket.py. */
ANY_METHOD(sock_detach)
{
	(void)args;
	(void)count;
	(void)names;
	if (sock_is_plain(state, self)) {
		RELAXED_STORE(&as_socket(self)->closed, true);
		return sock_detach_raw(self, NULL);
	}
	if (PyObject_SetAttr(self, state->names._closed, Py_True) < 0)
		return NULL;
	return super_call(state->socket_type, self, "detach");
}

PyObject *sock_fileno(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return handle_to_python(sock_fd(as_socket(self)));
}

/* A duplicate of the object's descriptor, an int. A plain socket's cannot be closed meanwhile. */
static PyObject *duplicate(struct module_state *state, PyObject *self)
{
	if (!sock_is_plain(state, self))
		return published_call(
			state, "dup",
			tuple_of(PyObject_CallMethodNoArgs(self, state->names.fileno)));
	csock_handle fd;
	int status = csock_duplicate(&as_socket(self)->sock, &fd);
	return status < 0 ? raise_status(state, status) : handover_fileno(fd);
}

static int copy_timeout(PyObject *from, PyObject *to)
{
	PyObject *timeout = method_call("gettimeout", from);

	return method_do(to, "settimeout", tuple_of(timeout));
}

ANY_METHOD(sock_dup)
{
	(void)args;
	(void)count;
	(void)names;
	PyObject *fileno = duplicate(state, self);
	if (!fileno)
		return NULL;
	PyObject *sibling = handover_like(state, fileno, attribute(self, "__class__"), self);
	if (!sibling || copy_timeout(self, sibling) == 0)
		return sibling;
	close_raised(sibling);
	return NULL;
}

/* Calls a function of os with the descriptor of an object that is no plain socket. */
static PyObject *call_os(struct module_state *state, const char *function, PyObject *self,
			 PyObject *argument)
{
	PyObject *fileno = PyObject_CallMethodNoArgs(self, state->names.fileno);
	PyObject *os = fileno ? imports_module(state, "os") : NULL;
	PyObject *result = NULL;

	if (os)
		result = argument ? method_call(function, os, fileno, argument)
				  : method_call(function, os, fileno);
	Py_XDECREF(os);
	Py_XDECREF(fileno);
	return result;
}

ANY_METHOD(sock_get_inheritable)
{
	(void)args;
	(void)count;
	(void)names;
	if (!sock_is_plain(state, self))
		return call_os(state, system_get_inheritable, self, NULL);
	int result = csock_get_inheritable(&as_socket(self)->sock);
	return result < 0 ? raise_status(state, result) : PyBool_FromLong(result);
}

ANY_METHOD(sock_set_inheritable)
{
	static const char *const parameters[] = {"inheritable", NULL};
	static const struct signature signature = {"set_inheritable", parameters, 1, 1};
	PyObject *inheritable;
	int flag;

	if (arguments_parse(&signature, args, count, names, &inheritable) < 0)
		return NULL;
	if (!sock_is_plain(state, self))
		return call_os(state, system_set_inheritable, self, inheritable);
	if (system_inheritable(inheritable, &flag) < 0)
		return NULL;
	return none_or_raise(state, csock_set_inheritable(&as_socket(self)->sock, flag != 0));
}

ANY_METHOD(sock_enter)
{
	(void)state;
	(void)args;
	(void)count;
	(void)names;
	return Py_NewRef(self);
}

static PyObject *exit_any(struct module_state *state, PyObject *self)
{
	int closed = attribute_truth(self, state->names._closed);

	if (closed > 0)
		Py_RETURN_NONE;
	return closed < 0 ? NULL : none_after(PyObject_CallMethodNoArgs(self, state->names.close));
}

ANY_METHOD(sock_exit)
{
	(void)args;
	(void)count;
	if (names) {
		PyErr_SetString(PyExc_TypeError, "socket.__exit__() takes no keyword arguments");
		return NULL;
	}
	if (!sock_is_plain(state, self))
		return exit_any(state, self);
	if (sock_is_closed(as_socket(self)))
		Py_RETURN_NONE;
	return close_plain(as_socket(self));
}
