/*
 * Sockets on their way to another process: multiprocessing sends the descriptor.
 */
#include "convert/arguments.h"
#include "convert/handles.h"
#include "convert/objects.h"
#include "published.h"
#include "socket/handover.h"
#include "types/types.h"

PyObject *reduce_for_child(struct socket_object *self)
{
	PyObject *reduction = PyImport_ImportModule(MULTIPROCESSING_REDUCTION);
	PyObject *fd = reduction ? handle_to_python(sock_fd(self)) : NULL;
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
