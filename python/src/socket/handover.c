/*
 * Descriptors on their way into a socket object.
 *
 * The table maps a descriptor to the tuple of arguments that contains it. Another thread may
 * meanwhile get a descriptor of the same number: the tuple tells the two apart.
 */
#include "socket/handover.h"

#include "convert/arguments.h"
#include "convert/handles.h"
#include "convert/objects.h"
#include "gil/release.h"
#include "reuse/tuples.h"

int handover_begin(struct module_state *state)
{
	state->under_way = PyDict_New();
	return state->under_way ? 0 : -1;
}

int handover_strike_out(struct module_state *state, csock_handle fd)
{
	PyObject *key = handle_to_python(fd);
	int result = key ? PyDict_Contains(state->under_way, key) : -1;

	if (result > 0)
		result = PyDict_DelItem(state->under_way, key);
	Py_XDECREF(key);
	return result;
}

PyObject *handover_fileno(csock_handle fd)
{
	PyObject *fileno = handle_to_python(fd);

	if (!fileno)
		(void)call_descriptor_close(fd);
	return fileno;
}

/* Removes the entry for these arguments: whether there was one. Keeps the exception that is set. */
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

/* A descriptor under way, and the file that it stood for at the beginning. */
struct delivery {
	csock_handle fd;
	struct csock_file_id file;
};

/* Whether the object is a descriptor that is open: an _accept() may return anything. */
static bool is_descriptor(PyObject *fileno, struct delivery *delivery)
{
	int overflow = 0;
	long long number =
		PyLong_CheckExact(fileno) ? PyLong_AsLongLongAndOverflow(fileno, &overflow) : -1;

	delivery->fd = (csock_handle)number;
	if (overflow || number < 0 || (long long)delivery->fd != number)
		return false;
	return csock_descriptor_file_id(delivery->fd, &delivery->file) == 0;
}

/*
 * Closes the descriptor while an exception is set, unless the code that raised it has done so: then
 * the number may already stand for another file.
 */
static void close_left_over(const struct delivery *delivery)
{
	struct csock_file_id file;

	if (csock_descriptor_file_id(delivery->fd, &file) == 0 &&
	    file.inode == delivery->file.inode && file.device == delivery->file.device)
		(void)call_descriptor_close(delivery->fd);
}

static PyObject *call(struct module_state *state, PyObject *fileno, PyObject *type,
		      PyObject *arguments, PyObject *keywords)
{
	struct delivery delivery;

	if (!state || !is_descriptor(fileno, &delivery))
		return type && arguments ? PyObject_Call(type, arguments, keywords) : NULL;
	if (!type || !arguments || PyDict_SetItem(state->under_way, fileno, arguments) < 0) {
		close_left_over(&delivery);
		return NULL;
	}
	PyObject *sock = PyObject_Call(type, arguments, keywords);
	bool is_left = end_entry(state, fileno, arguments);
	if (!sock && is_left)
		close_left_over(&delivery);
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

/* The arguments family, type and proto, which are those of a socket. */
static PyObject *arguments_like(PyObject *sock)
{
	PyObject *family = attribute(sock, "family");
	PyObject *kind = family ? attribute(sock, "type") : NULL;
	PyObject *protocol = kind ? attribute(sock, "proto") : NULL;

	return tuple_of(family, kind, protocol);
}

PyObject *handover_like(struct module_state *state, PyObject *fileno, PyObject *type,
			PyObject *sock)
{
	PyObject *keywords = type ? Py_BuildValue("{s:O}", "fileno", fileno) : NULL;
	PyObject *arguments = keywords ? arguments_like(sock) : NULL;

	return handover(state, fileno, type, arguments, keywords);
}
