/*
 * Sockets on their way to another process: only multiprocessing can pickle them.
 */
#include "convert/arguments.h"
#include "convert/objects.h"
#include "published.h"
#include "socket/any_method.h"
#include "socket/handover.h"
#include "socket/methods.h"
#include "types/types.h"

#define REDUCTION "multiprocessing.reduction"

static PyObject *reduce(struct socket_object *self)
{
	PyObject *reduction = PyImport_ImportModule(REDUCTION);
	PyObject *fd = reduction ? PyLong_FromLong(sock_fd(self)) : NULL;
	PyObject *duplicate = fd ? method_call("DupFd", reduction, fd) : NULL;
	PyObject *rebuild = duplicate ? attribute(self->state->module, "_rebuild_socket") : NULL;
	PyObject *reduced = NULL;

	if (rebuild)
		reduced = Py_BuildValue("(O(Oiii))", rebuild, duplicate, self->sock.family,
					self->sock.type, self->sock.protocol);
	Py_XDECREF(rebuild);
	Py_XDECREF(duplicate);
	Py_XDECREF(fd);
	Py_XDECREF(reduction);
	return reduced;
}

/*
 * multiprocessing registers Python's own socket with its pickler. It does not know csocket's, and
 * csocket may be imported first. So this checks whether the code of multiprocessing calls the
 * pickler.
 */
ANY_METHOD(sock_reduce_ex)
{
	int is_for_us = Py_TYPE(self) == state->socket_type ? called_from(REDUCTION) : 0;

	(void)names;
	if (is_for_us < 0 || arguments_check("__reduce_ex__", count, 1, 1) < 0)
		return NULL;
	if (is_for_us)
		return reduce(as_socket(self));
	return method_call("__reduce_ex__", (PyObject *)&PyBaseObject_Type, self, args[0]);
}

static PyObject *mod_rebuild_socket(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	struct module_state *state = module_state(module);

	if (arguments_check("_rebuild_socket", count, 4, 4) < 0)
		return NULL;
	PyObject *fileno = method_call("detach", args[0]);
	PyObject *arguments =
		fileno ? Py_BuildValue("(OOOO)", args[1], args[2], args[3], fileno) : NULL;
	PyObject *type = arguments ? published(state, "socket") : NULL;
	return handover(state, fileno, type, arguments, NULL);
}

PyMethodDef other_process_functions[] = {
	{"_rebuild_socket", FAST(mod_rebuild_socket), NULL},
	{NULL, NULL, 0, NULL},
};
