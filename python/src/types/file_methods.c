/*
 * The methods of SocketIO that socket.py has in Python.
 */
#include "types/file.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "convert/system.h"
#include "socket/methods.h"

#include <errno.h>
#include <stddef.h>

/* Calls the object's own check: 0, or -1 with an exception. */
static int check(PyObject *self, const char *method)
{
	PyObject *result = method_call(method, self);

	Py_XDECREF(result);
	return result ? 0 : -1;
}

/* 1 or 0 for "closed", -1 with an exception. */
static int is_closed(struct module_state *state, PyObject *self)
{
	return io_is_plain(state, self) ? 0 : attribute_truth(self, state->names.closed);
}

/* Raises ValueError if the file is closed. */
static int require_open(struct module_state *state, PyObject *self)
{
	int closed = is_closed(state, self);

	if (closed > 0)
		PyErr_SetString(PyExc_ValueError, "I/O operation on closed socket.");
	return closed == 0 ? 0 : -1;
}

/* Calls a method of the socket below, with one argument or none (NULL). */
static PyObject *call_socket(struct module_state *state, PyObject *self, PyObject *method,
			     PyObject *argument)
{
	PyObject *sock = io_get_sock(state, self);
	PyObject *result = NULL;

	if (sock)
		result = argument ? PyObject_CallMethodOneArg(sock, method, argument)
				  : PyObject_CallMethodNoArgs(sock, method);
	Py_XDECREF(sock);
	return result;
}

/* Whether the errno of an OSError says that the call would have to wait: 1, 0, or -1. */
static int says_would_wait(PyObject *error)
{
	const int numbers[] = {EAGAIN, system_code(EWOULDBLOCK)};
	PyObject *number = attribute(error, "errno");
	int result = number ? 0 : -1;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers && result == 0; i++)
		result = compare_int(number, numbers[i], Py_EQ);
	Py_XDECREF(number);
	return result;
}

/* None if the exception that is set says that the call would have to wait; else NULL, still set. */
static PyObject *none_if_would_wait(void)
{
	if (!PyErr_ExceptionMatches(PyExc_OSError))
		return NULL;
	PyObject *error = exception_take();
	int would_wait = says_would_wait(error);
	if (would_wait < 0)
		exception_chain(error);
	else if (would_wait == 0)
		exception_raise(error);
	else
		Py_DECREF(error);
	return would_wait > 0 ? Py_NewRef(Py_None) : NULL;
}

/* The names that programs may use for the argument of readinto() and write(). */
static const char *const one_parameter[] = {"b", NULL};

int io_require_reading(struct module_state *state, PyObject *self)
{
	if (check(self, "_checkClosed") < 0 || check(self, "_checkReadable") < 0)
		return -1;
	int timed_out = attribute_truth(self, state->names._timeout_occurred);
	if (timed_out > 0)
		PyErr_SetString(PyExc_OSError, "cannot read from timed out object");
	return timed_out == 0 ? 0 : -1;
}

PyObject *io_after_failed_read(struct module_state *state, PyObject *self)
{
	if (!PyErr_ExceptionMatches(PyExc_TimeoutError))
		return none_if_would_wait();
	PyObject *error = exception_take();
	if (PyObject_SetAttr(self, state->names._timeout_occurred, Py_True) < 0)
		exception_chain(error);
	else
		exception_raise(error);
	return NULL;
}

PyDoc_STRVAR(readinto_doc,
	     "Receive at most len(b) bytes into a writable buffer.\n\n"
	     "Return the number of bytes: 0 at the end of the stream, None if a non-blocking\n"
	     "socket has no data yet. After a timeout the file cannot be read any more (OSError),\n"
	     "because bytes may have been lost.");

ANY_METHOD(io_readinto)
{
	static const struct signature signature = {"readinto", one_parameter, 1, 1};
	PyObject *buffer;

	if (arguments_parse(&signature, args, count, names, &buffer) < 0 ||
	    io_let_others_run(state) < 0)
		return NULL;
	bool is_ready = io_is_plain(state, self) && io_is_ready_to_read(state->io_type, self);
	if (UNLIKELY(!is_ready) && io_require_reading(state, self) < 0)
		return NULL;
	PyObject *received = call_socket(state, self, state->names.recv_into, buffer);
	return received ? received : io_after_failed_read(state, self);
}

static int require_writing(struct module_state *state, PyObject *self)
{
	if (io_is_plain(state, self) &&
	    RELAXED_LOAD(&io_fields(state->io_type, self)->writing) == Py_True)
		return 0;
	return check(self, "_checkClosed") < 0 ? -1 : check(self, "_checkWritable");
}

PyDoc_STRVAR(write_doc,
	     "Send bytes. Return the number of bytes sent, which may be less than all, or None if\n"
	     "a non-blocking socket could send nothing.");

static ANY_METHOD(io_write)
{
	static const struct signature signature = {"write", one_parameter, 1, 1};
	PyObject *data;

	if (arguments_parse(&signature, args, count, names, &data) < 0 ||
	    io_let_others_run(state) < 0 || require_writing(state, self) < 0)
		return NULL;
	PyObject *sent = call_socket(state, self, state->names.send, data);
	return sent ? sent : none_if_would_wait();
}

PyDoc_STRVAR(readable_doc,
	     "Whether the file was opened for reading; ValueError once it is closed.");

ANY_METHOD(io_readable)
{
	(void)args;
	(void)count;
	(void)names;
	return require_open(state, self) < 0 ? NULL : PyObject_GetAttr(self, state->names._reading);
}

PyDoc_STRVAR(writable_doc,
	     "Whether the file was opened for writing; ValueError once it is closed.");

ANY_METHOD(io_writable)
{
	(void)args;
	(void)count;
	(void)names;
	return require_open(state, self) < 0 ? NULL : PyObject_GetAttr(self, state->names._writing);
}

PyDoc_STRVAR(seekable_doc, "False: a socket has no position. ValueError once the file is closed.");

static ANY_METHOD(io_seekable)
{
	(void)args;
	(void)count;
	(void)names;
	return require_open(state, self) < 0 ? NULL : super_call(state->io_type, self, "seekable");
}

PyDoc_STRVAR(fileno_doc, "The descriptor of the socket below; ValueError once the file is closed.");

static ANY_METHOD(io_fileno)
{
	(void)args;
	(void)count;
	(void)names;
	if (!io_is_plain(state, self) && check(self, "_checkClosed") < 0)
		return NULL;
	return call_socket(state, self, state->names.fileno, NULL);
}

/* Whether __init__ has refused the mode of this file, or was never called. */
static bool was_never_begun(struct module_state *state, PyObject *self)
{
	if (!PyObject_TypeCheck(self, state->io_type))
		return false;
	const struct socket_io *file = io_fields(state->io_type, self);
	return !RELAXED_LOAD(&file->sock) && !RELAXED_LOAD(&file->mode);
}

/* Tells the socket below that this file is closed, and drops the reference. */
static int release_socket(struct module_state *state, PyObject *self)
{
	if (was_never_begun(state, self))
		return 0;
	PyObject *done = call_socket(state, self, state->names._decref_socketios, NULL);
	Py_XDECREF(done);
	return done ? PyObject_SetAttr(self, state->names._sock, Py_None) : -1;
}

PyDoc_STRVAR(close_doc,
	     "Close the file. This closes the socket too if its close() was called before, and\n"
	     "this is the last of its files.");

static ANY_METHOD(io_close)
{
	int closed = is_closed(state, self);

	(void)args;
	(void)count;
	(void)names;
	if (closed < 0)
		return NULL;
	if (closed)
		Py_RETURN_NONE;
	PyObject *done = method_call("close", (PyObject *)state->io_type->tp_base, self);
	if (!done)
		return NULL;
	Py_DECREF(done);
	return release_socket(state, self) < 0 ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(name_doc, "The descriptor of the socket below, -1 once closed.");

static ANY_METHOD(io_get_name)
{
	int closed = is_closed(state, self);

	(void)args;
	(void)count;
	(void)names;
	if (closed < 0)
		return NULL;
	return closed ? PyLong_FromLong(-1) : PyObject_CallMethodNoArgs(self, state->names.fileno);
}

static ANY_METHOD(io_get_mode)
{
	(void)args;
	(void)count;
	(void)names;
	return PyObject_GetAttr(self, state->names._mode);
}

struct mode {
	const char *name;
	const char *binary_name;
	bool reading;
	bool writing;
};

static const struct mode modes[] = {
	{"r", "rb", true, false},  {"rb", "rb", true, false}, {"w", "wb", false, true},
	{"wb", "wb", false, true}, {"rw", "rwb", true, true}, {"rwb", "rwb", true, true},
};

static const struct mode *find_mode(PyObject *name)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes && PyUnicode_Check(name); i++)
		if (PyUnicode_CompareWithASCIIString(name, modes[i].name) == 0)
			return &modes[i];
	PyErr_Format(PyExc_ValueError, "invalid mode: %R", name);
	error_note("must be 'r', 'w', 'rw', 'rb', 'wb' or 'rwb'");
	return NULL;
}

/* Sets the attributes, in socket.py's order. */
static int begin(const struct hot_names *names, PyObject *self, PyObject *sock,
		 const struct mode *mode)
{
	PyObject *name = PyUnicode_FromString(mode->binary_name);
	PyObject *const attributes[][2] = {
		{names->_sock, sock},
		{names->_mode, name},
		{names->_reading, mode->reading ? Py_True : Py_False},
		{names->_writing, mode->writing ? Py_True : Py_False},
		{names->_timeout_occurred, Py_False},
	};
	int result = name ? 0 : -1;

	for (size_t i = 0; i < sizeof attributes / sizeof *attributes && result == 0; i++)
		result = PyObject_SetAttr(self, attributes[i][0], attributes[i][1]);
	Py_XDECREF(name);
	return result;
}

static ANY_METHOD(io_init)
{
	static const char *const parameters[] = {"sock", "mode", NULL};
	static const struct signature signature = {"__init__", parameters, 2, 2};
	PyObject *values[2];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	const struct mode *mode = find_mode(values[1]);
	if (!mode || begin(&state->names, self, values[0], mode) < 0)
		return NULL;
	Py_RETURN_NONE;
}

const struct any_method io_any_methods[] = {
	{"__getstate__", "($self, /)", sock_getstate, TAKES_NONE, NULL},
	{"__init__", "($self, /, sock, mode)", io_init, TAKES_ANY, NULL},
	{"close", "($self, /)", io_close, TAKES_NONE, close_doc},
	{"fileno", "($self, /)", io_fileno, TAKES_NONE, fileno_doc},
	{"mode", "($self, /)", io_get_mode, IS_PROPERTY, "'rb', 'wb' or 'rwb'."},
	{"name", "($self, /)", io_get_name, IS_PROPERTY, name_doc},
	{"readable", "($self, /)", io_readable, TAKES_NONE, readable_doc},
	{"readinto", "($self, b)", io_readinto, TAKES_ANY, readinto_doc},
	{"seekable", "($self, /)", io_seekable, TAKES_NONE, seekable_doc},
	{"writable", "($self, /)", io_writable, TAKES_NONE, writable_doc},
	{"write", "($self, b)", io_write, TAKES_ANY, write_doc},
	{NULL, NULL, NULL, TAKES_NONE, NULL},
};
