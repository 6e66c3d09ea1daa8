/*
 * Descriptors on their way into a socket object.
 *
 * The table maps a descriptor to the tuple of arguments that it is in. Another thread may meanwhile
 * get a descriptor of the same number: the tuple tells the two apart.
 */
#include "handover.h"

#include "arguments.h"
#include "call.h"
#include "objects.h"

int handover_begin(struct module_state *state)
{
	state->under_way = PyDict_New();
	return state->under_way ? 0 : -1;
}

int handover_strike_out(struct module_state *state, int fd)
{
	PyObject *key = PyLong_FromLong(fd);
	int result = key ? PyDict_Contains(state->under_way, key) : -1;

	if (result > 0)
		result = PyDict_DelItem(state->under_way, key);
	Py_XDECREF(key);
	return result;
}

/* Removes the entry for these arguments; whether there was one. Keeps the exception that is set. */
static bool end_entry(struct module_state *state, PyObject *fileno, PyObject *arguments)
{
	PyObject *raised = PyErr_Occurred() ? exception_take() : NULL;
	bool stands =
		state->under_way && PyDict_GetItemWithError(state->under_way, fileno) == arguments;

	if (stands && PyDict_DelItem(state->under_way, fileno) < 0)
		stands = false;
	PyErr_Clear();
	if (raised)
		exception_raise(raised);
	return stands;
}

/* Closes a descriptor that no socket has taken. An exception is set. */
static void close_left_over(PyObject *fileno)
{
	(void)call_descriptor_close((int)PyLong_AsLong(fileno));
}

static PyObject *call(struct module_state *state, PyObject *fileno, PyObject *type,
		      PyObject *arguments, PyObject *keywords)
{
	/* The _accept() of a subclass may return something that is no descriptor. */
	if (!PyLong_CheckExact(fileno))
		return type && arguments ? PyObject_Call(type, arguments, keywords) : NULL;
	if (!type || !arguments || PyDict_SetItem(state->under_way, fileno, arguments) < 0) {
		close_left_over(fileno);
		return NULL;
	}
	PyObject *sock = PyObject_Call(type, arguments, keywords);
	bool is_left = end_entry(state, fileno, arguments);
	if (!sock && is_left)
		close_left_over(fileno);
	return sock;
}

PyObject *handover(struct module_state *state, PyObject *fileno, PyObject *type,
		   PyObject *arguments, PyObject *keywords)
{
	PyObject *sock = fileno ? call(state, fileno, type, arguments, keywords) : NULL;

	Py_XDECREF(keywords);
	Py_XDECREF(arguments);
	Py_XDECREF(type);
	Py_XDECREF(fileno);
	return sock;
}

PyObject *handover_like(struct module_state *state, PyObject *fileno, PyObject *type,
			PyObject *sock)
{
	PyObject *keywords = type ? Py_BuildValue("{s:O}", "fileno", fileno) : NULL;
	PyObject *family = keywords ? attribute(sock, "family") : NULL;
	PyObject *kind = family ? attribute(sock, "type") : NULL;
	PyObject *protocol = kind ? attribute(sock, "proto") : NULL;

	return handover(state, fileno, type, tuple_of(family, kind, protocol), keywords);
}
