/*
 * Descriptors: closing and duplicating them, and sockets around them.
 */
#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/handles.h"
#include "functions/functions.h"
#include "functions/socketpair.h"
#include "gil/release.h"
#include "published.h"
#include "reuse/tuples.h"
#include "socket/handover.h"

PyDoc_STRVAR(close_doc, "close(fd, /)\n--\n\n"
			"Close a socket's descriptor, an int, as os.close() does for files.");

static PyObject *mod_close(PyObject *module, PyObject *object)
{
	csock_handle fd;

	if (argument_handle(object, &fd) < 0)
		return NULL;
	return none_or_raise(module_state(module), call_descriptor_close(fd));
}

PyDoc_STRVAR(dup_doc,
	     "dup(fd, /)\n--\n\n"
	     "Return a duplicate of a descriptor, an int. Child processes do not inherit it.");

static PyObject *mod_dup(PyObject *module, PyObject *object)
{
	csock_handle fd, duplicate;

	if (argument_handle(object, &fd) < 0)
		return NULL;
	int status = csock_descriptor_duplicate(fd, &duplicate);
	return status < 0 ? raise_status(module_state(module), status) : handover_fileno(duplicate);
}

PyDoc_STRVAR(fromfd_doc,
	     "fromfd(fd, family, type, proto=0)\n--\n\n"
	     "Return a socket on a duplicate of the descriptor fd, which stays the caller's.\n\n"
	     "The other arguments are those of socket(); for -1 the kernel is asked.");

static PyObject *mod_fromfd(PyObject *module, PyObject *const *args, Py_ssize_t count,
			    PyObject *names)
{
	static const char *const parameters[] = {"fd", "family", "type", "proto", NULL};
	static const struct signature signature = {"fromfd", parameters, 3, 4};
	struct module_state *state = module_state(module);
	PyObject *values[4];
	csock_handle fd, duplicate;

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    argument_handle(values[0], &fd) < 0)
		return NULL;
	int status = csock_descriptor_duplicate(fd, &duplicate);
	if (status < 0)
		return raise_status(state, status);
	PyObject *fileno = handover_fileno(duplicate);
	if (!fileno)
		return NULL;
	PyObject *protocol = values[3] ? Py_NewRef(values[3]) : PyLong_FromLong(0);
	return handover(
		state, fileno, published_as(state, state->names.socket),
		tuple_of(Py_NewRef(values[1]), Py_NewRef(values[2]), protocol, Py_NewRef(fileno)),
		NULL);
}

PyMethodDef descriptor_functions[] = {
	{"close", mod_close, METH_O, close_doc},
	{"dup", mod_dup, METH_O, dup_doc},
	{"fromfd", WITH_NAMES(mod_fromfd), fromfd_doc},
	{"_fallback_socketpair", WITH_NAMES(mod_loopback_pair), loopback_pair_doc},
	{NULL, NULL, 0, NULL},
};
