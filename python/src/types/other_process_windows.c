/*
 * Sockets on their way to another process: multiprocessing sends what share() makes.
 */
#include "convert/arguments.h"
#include "convert/objects.h"
#include "published.h"
#include "reuse/tuples.h"
#include "socket/handover.h"
#include "types/types.h"

PyObject *reduce_for_child(struct socket_object *self)
{
	PyObject *sharer = PyImport_ImportModule("multiprocessing.resource_sharer");
	PyObject *duplicate = sharer ? method_call("DupSocket", sharer, (PyObject *)self) : NULL;
	PyObject *rebuild = duplicate ? attribute(self->state->module, "_rebuild_socket") : NULL;
	PyObject *reduced = rebuild ? Py_BuildValue("(O(O))", rebuild, duplicate) : NULL;

	Py_XDECREF(rebuild);
	Py_XDECREF(duplicate);
	Py_XDECREF(sharer);
	return reduced;
}

/* multiprocessing makes a socket of the type that it knows. csocket's takes over its handle. */
static PyObject *mod_rebuild_socket(PyObject *module, PyObject *duplicate)
{
	struct module_state *state = module_state(module);
	PyObject *received = method_call("detach", duplicate);

	if (!received || PyObject_TypeCheck(received, state->base_type))
		return received;
	PyObject *fileno = method_call("detach", received);
	PyObject *sock =
		fileno ? handover_like(state, fileno, published(state, "socket"), received) : NULL;
	Py_DECREF(received);
	return sock;
}

PyMethodDef other_process_functions[] = {
	{"_rebuild_socket", mod_rebuild_socket, METH_O, NULL},
	{NULL, NULL, 0, NULL},
};
