/*
 * SocketIO: the raw file that makefile() puts its buffers on.
 *
 * Any object may be the socket below it: a socket, ssl.SSLSocket, a mock. So it is used by
 * its attributes.
 */
#include "socket_io.h"

#include "arguments.h"
#include "errors.h"
#include "methods.h"
#include "objects.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <structmember.h>

/* What a file has behind the fields of its base type, whose size only that type knows. */
struct socket_io {
	PyObject *sock;
	bool reading;
	bool writing;
	bool timeout_occurred;
};

static int io_traverse(PyObject *self, visitproc visit, void *arg);

/* SocketIO, from an object that may be of a subclass, which may have inherited its functions. */
static PyTypeObject *own_type(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);

	while (type->tp_traverse != io_traverse || type->tp_base->tp_traverse == io_traverse)
		type = type->tp_base;
	return type;
}

static struct socket_io *fields(PyObject *self)
{
	return (struct socket_io *)((char *)self + own_type(self)->tp_base->tp_basicsize);
}

static int io_traverse(PyObject *self, visitproc visit, void *arg)
{
	PyTypeObject *base = own_type(self)->tp_base;

	Py_VISIT(fields(self)->sock);
	/* A base type on the heap, as from 3.12 on, visits the type itself. */
	if (!PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE))
		Py_VISIT(Py_TYPE(self));
	return base->tp_traverse(self, visit, arg);
}

static int io_clear(PyObject *self)
{
	Py_CLEAR(fields(self)->sock);
	return own_type(self)->tp_base->tp_clear(self);
}

/* NULL with an exception where the garbage collector has cleared the type. */
static struct module_state *state_of(PyObject *self)
{
	return PyType_GetModuleState(own_type(self));
}

static PyObject *io_readinto(PyObject *self, PyObject *const *args, Py_ssize_t count,
			     PyObject *names);

/* What is not asked for by attribute where nobody has replaced it. */
static const struct own_method own_methods[] = {
	{"readinto", AS_OWN(io_readinto)},
	{"closed", NULL},
	{NULL, NULL},
};

/* Whether the file is of this very type, as it was made, and has no attributes of its own. */
static bool is_plain(struct module_state *state, PyObject *self)
{
	if (!Py_IS_TYPE(self, state->io_type) || state->io_type->tp_dictoffset <= 0 ||
	    !type_is_own(state->io_type, &state->io_watch))
		return false;
	PyObject *attributes = *(PyObject **)(void *)((char *)self + state->io_type->tp_dictoffset);
	return !attributes || PyDict_GET_SIZE(attributes) == 0;
}

/* 1 or 0 for "closed", which is the base type's; -1 with an exception. */
static int is_closed(PyObject *self)
{
	struct module_state *state = state_of(self);

	if (!state)
		return -1;
	/* What the base type's close() leaves is an attribute. */
	if (is_plain(state, self))
		return 0;
	PyObject *value = PyObject_GetAttr(self, state->names.closed);
	int result = value ? PyObject_IsTrue(value) : -1;

	Py_XDECREF(value);
	return result;
}

/* Raises ValueError if the file is closed. what is "file" or "socket": methods differ in that. */
static int require_open(PyObject *self, const char *what)
{
	int closed = is_closed(self);

	if (closed > 0)
		PyErr_Format(PyExc_ValueError, "I/O operation on closed %s.", what);
	return closed == 0 ? 0 : -1;
}

/*
 * Raises io.UnsupportedOperation, by a check of the base type, if the file is not for this
 * direction. A subclass may answer readable() and writable() in its own way.
 */
static int require_direction(PyObject *self, bool open, const char *check)
{
	if (open && Py_IS_TYPE(self, own_type(self)))
		return 0;
	PyObject *result = method_call(check, self);
	Py_XDECREF(result);
	return result ? 0 : -1;
}

/* The member _sock, for those who cannot simply look at it. */
static PyMemberDef sock_member(Py_ssize_t base_size)
{
	return (PyMemberDef){
		.name = "_sock",
		.type = T_OBJECT_EX,
		.offset = base_size + (Py_ssize_t)offsetof(struct socket_io, sock),
	};
}

static PyObject *get_sock(PyObject *self)
{
#ifndef Py_GIL_DISABLED
	/* Without a GIL another thread may be closing the file. */
	if (LIKELY(fields(self)->sock != NULL))
		return Py_NewRef(fields(self)->sock);
#endif
	PyMemberDef member = sock_member(own_type(self)->tp_base->tp_basicsize);

	return PyMember_GetOne((const char *)self, &member);
}

static int set_sock(PyObject *self, PyObject *sock)
{
	PyMemberDef member = sock_member(own_type(self)->tp_base->tp_basicsize);

	return PyMember_SetOne((char *)self, &member, sock);
}

/* Calls a method of the socket below. */
static PyObject *call_socket(PyObject *self, const char *method)
{
	PyObject *sock = get_sock(self);
	PyObject *result = sock ? method_call(method, sock) : NULL;

	Py_XDECREF(sock);
	return result;
}

static PyObject *call_socket_with(PyObject *self, PyObject *method, PyObject *argument)
{
	PyObject *sock = get_sock(self);
	PyObject *result = sock ? PyObject_CallMethodOneArg(sock, method, argument) : NULL;

	Py_XDECREF(sock);
	return result;
}

/* The errno of an OSError, whatever else it is; 0 if it has none that is a number. */
static int error_number(PyObject *error)
{
	PyObject *number = attribute(error, "errno");
	long value = number && PyLong_Check(number) ? PyLong_AsLong(number) : 0;

	Py_XDECREF(number);
	PyErr_Clear();
	return value == (int)value ? (int)value : 0;
}

/* None if the OSError that is set says that the call would have to wait; else NULL, still set. */
static PyObject *none_if_would_wait(void)
{
	PyObject *type, *error, *traceback;

	if (!PyErr_ExceptionMatches(PyExc_OSError))
		return NULL;
	PyErr_Fetch(&type, &error, &traceback);
	PyErr_NormalizeException(&type, &error, &traceback);
	int number = error_number(error);
	if (number != EAGAIN && number != EWOULDBLOCK) {
		PyErr_Restore(type, error, traceback);
		return NULL;
	}
	Py_XDECREF(type);
	Py_XDECREF(error);
	Py_XDECREF(traceback);
	Py_RETURN_NONE;
}

/* What programs may call the argument of readinto() and write(). */
static const char *const one_parameter[] = {"b", NULL};

/* What reading asks of a file that is open: 0, or -1 with an exception. */
APART static int require_reading(PyObject *self)
{
	if (require_direction(self, RELAXED_LOAD(&fields(self)->reading), "_checkReadable") < 0)
		return -1;
	if (!RELAXED_LOAD(&fields(self)->timeout_occurred))
		return 0;
	PyErr_SetString(PyExc_OSError, "cannot read from timed out object");
	return -1;
}

/* None, or NULL with the exception that receiving raised, which may end reading for ever. */
ASIDE static PyObject *after_failed_read(PyObject *self)
{
	if (!PyErr_ExceptionMatches(PyExc_TimeoutError))
		return none_if_would_wait();
	RELAXED_STORE(&fields(self)->timeout_occurred, true);
	return NULL;
}

PyDoc_STRVAR(readinto_doc,
	     "readinto($self, b)\n--\n\n"
	     "Receive at most len(b) bytes into a writable buffer.\n\n"
	     "Returns their number; 0 where the peer has ended, None where a socket that\n"
	     "does not wait has nothing yet. After a timeout the file cannot be read any\n"
	     "more (OSError), since bytes may have been lost on the way.");

static PyObject *io_readinto(PyObject *self, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	static const struct signature signature = {"readinto", one_parameter, 1, 1};
	PyObject *buffer;

	if (arguments_parse(&signature, args, count, names, &buffer) < 0)
		return NULL;
	struct module_state *state = state_of(self);
	if (!state || require_open(self, "file") < 0 || require_reading(self) < 0)
		return NULL;
	PyObject *received = call_socket_with(self, state->names.recv_into, buffer);
	return received ? received : after_failed_read(self);
}

PyDoc_STRVAR(read_doc,
	     "read($self, size=-1, /)\n--\n\n"
	     "Receive at most size bytes; all until the peer has ended if size is negative.\n\n"
	     "As readinto(): no bytes where the peer has ended, None where a socket that\n"
	     "does not wait has nothing yet.");

/* By the readinto() that the file has, into a bytearray that is copied. */
APART static PyObject *read_by_readinto(PyObject *self, PyObject *size)
{
	PyObject *base = (PyObject *)own_type(self)->tp_base;

	return size ? method_call("read", base, self, size) : method_call("read", base, self);
}

static PyObject *receive_from(PyObject *self, PyObject *sock, PyObject *size)
{
	const struct socket_io *file = fields(self);

	bool is_ready = RELAXED_LOAD(&file->reading) && !RELAXED_LOAD(&file->timeout_occurred);

	if (UNLIKELY(!is_ready) && require_reading(self) < 0)
		return NULL;
	PyObject *received = sock_recv(sock, &size, 1);
	return LIKELY(received != NULL) ? received : after_failed_read(self);
}

/* For a file and a socket that have no other readinto() and recv_into() than csocket's. */
IN_ONE_PIECE static PyObject *io_read(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	struct module_state *state = state_of(self);
	PyObject *sock, *received;
	Py_ssize_t size;

	if (!state || arguments_check("read", count, 0, 1) < 0)
		return NULL;
	if (count == 0 || !int_is_small(args[0], &size) || size < 0 || !is_plain(state, self))
		return read_by_readinto(self, count > 0 ? args[0] : NULL);
	sock = get_sock(self);
	if (!sock)
		return NULL;
	received = sock_is_plain(state, sock) ? receive_from(self, sock, args[0])
					      : read_by_readinto(self, args[0]);
	Py_DECREF(sock);
	return received;
}

PyDoc_STRVAR(write_doc,
	     "write($self, b)\n--\n\n"
	     "Send bytes: the number of those that were sent, which may be less than all,\n"
	     "or None where a socket that does not wait could send nothing.");

static PyObject *io_write(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	static const struct signature signature = {"write", one_parameter, 1, 1};
	PyObject *data;

	if (arguments_parse(&signature, args, count, names, &data) < 0)
		return NULL;
	struct module_state *state = state_of(self);
	if (!state || require_open(self, "file") < 0 ||
	    require_direction(self, RELAXED_LOAD(&fields(self)->writing), "_checkWritable") < 0)
		return NULL;
	PyObject *sent = call_socket_with(self, state->names.send, data);
	return sent ? sent : none_if_would_wait();
}

PyDoc_STRVAR(readable_doc,
	     "readable($self, /)\n--\n\n"
	     "Whether the file was opened for reading; ValueError once it is closed.");

static PyObject *io_readable(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return require_open(self, "socket") < 0
		       ? NULL
		       : PyBool_FromLong(RELAXED_LOAD(&fields(self)->reading));
}

PyDoc_STRVAR(writable_doc,
	     "writable($self, /)\n--\n\n"
	     "Whether the file was opened for writing; ValueError once it is closed.");

static PyObject *io_writable(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return require_open(self, "socket") < 0
		       ? NULL
		       : PyBool_FromLong(RELAXED_LOAD(&fields(self)->writing));
}

PyDoc_STRVAR(seekable_doc, "seekable($self, /)\n--\n\n"
			   "False: a socket has no position. ValueError once the file is closed.");

static PyObject *io_seekable(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	if (require_open(self, "socket") < 0)
		return NULL;
	Py_RETURN_FALSE;
}

PyDoc_STRVAR(fileno_doc, "fileno($self, /)\n--\n\n"
			 "The descriptor of the socket below; ValueError once the file is closed.");

static PyObject *io_fileno(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return require_open(self, "file") < 0 ? NULL : call_socket(self, "fileno");
}

/* Tells the socket below that this file is closed, and lets go of it. */
static int release_socket(PyObject *self)
{
	PyObject *done;

	/* Without one where __init__ refused the mode. */
	if (!fields(self)->sock)
		return 0;
	done = call_socket(self, "_decref_socketios");
	Py_XDECREF(done);
	return done ? set_sock(self, Py_None) : -1;
}

PyDoc_STRVAR(close_doc,
	     "close($self, /)\n--\n\n"
	     "Close the file. The socket below is closed with it if it was waiting for that:\n"
	     "closed itself, and this the last of its files.");

static PyObject *io_close(PyObject *self, PyObject *ignored)
{
	int closed = is_closed(self);

	(void)ignored;
	if (closed < 0)
		return NULL;
	if (closed)
		Py_RETURN_NONE;
	PyObject *base = (PyObject *)own_type(self)->tp_base;
	PyObject *done = method_call("close", base, self);
	if (!done)
		return NULL;
	Py_DECREF(done);
	return release_socket(self) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *io_getstate(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return sock_getstate(state_of(self), self, NULL, 0, NULL);
}

static PyObject *io_get_name(PyObject *self, void *closure)
{
	int closed = is_closed(self);

	(void)closure;
	if (closed < 0)
		return NULL;
	return closed ? PyLong_FromLong(-1) : method_call("fileno", self);
}

struct mode {
	const char *name;
	bool reading;
	bool writing;
};

static const struct mode modes[] = {
	{"rb", true, false}, {"wb", false, true}, {"rwb", true, true},
	{"r", true, false},  {"w", false, true},  {"rw", true, true},
};

#define MODE_COUNT (sizeof modes / sizeof *modes)

static const struct mode *find_mode(PyObject *name)
{
	for (size_t i = 0; i < MODE_COUNT && PyUnicode_Check(name); i++)
		if (PyUnicode_CompareWithASCIIString(name, modes[i].name) == 0)
			return &modes[i];
	return NULL;
}

/* The first name for what the file does: binary, whether "b" was given or not. */
static PyObject *io_get_mode(PyObject *self, void *closure)
{
	bool reading = RELAXED_LOAD(&fields(self)->reading);
	bool writing = RELAXED_LOAD(&fields(self)->writing);

	(void)closure;
	for (size_t i = 0; i < MODE_COUNT; i++)
		if (modes[i].reading == reading && modes[i].writing == writing)
			return PyUnicode_FromString(modes[i].name);
	PyErr_SetString(PyExc_AttributeError, "the file has no mode: __init__ was not called");
	return NULL;
}

static int io_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
	static char *names[] = {"sock", "mode", NULL};
	PyObject *sock, *mode;

	if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO:SocketIO", names, &sock, &mode))
		return -1;
	const struct mode *found = find_mode(mode);
	if (!found) {
		PyErr_Format(PyExc_ValueError, "invalid mode: %R", mode);
		error_note("must be 'r', 'w', 'rw', 'rb', 'wb' or 'rwb'");
		return -1;
	}
	RELAXED_STORE(&fields(self)->reading, found->reading);
	RELAXED_STORE(&fields(self)->writing, found->writing);
	RELAXED_STORE(&fields(self)->timeout_occurred, false);
	return set_sock(self, sock);
}

static PyMethodDef io_methods[] = {
	{"__getstate__", io_getstate, METH_NOARGS, NULL},
	{"read", FAST(io_read), read_doc},
	{"readinto", WITH_NAMES(io_readinto), readinto_doc},
	{"write", WITH_NAMES(io_write), write_doc},
	{"readable", io_readable, METH_NOARGS, readable_doc},
	{"writable", io_writable, METH_NOARGS, writable_doc},
	{"seekable", io_seekable, METH_NOARGS, seekable_doc},
	{"fileno", io_fileno, METH_NOARGS, fileno_doc},
	{"close", io_close, METH_NOARGS, close_doc},
	{NULL, NULL, 0, NULL},
};

static PyGetSetDef io_getset[] = {
	{"_mode", io_get_mode, NULL, NULL, NULL},
	{"mode", io_get_mode, NULL, "'rb', 'wb' or 'rwb'.", NULL},
	{"name", io_get_name, NULL, "The descriptor of the socket below, -1 once closed.", NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyDoc_STRVAR(io_doc,
	     "SocketIO(sock, mode)\n--\n\n"
	     "The raw binary file on a socket, without a buffer, as makefile() makes it.\n\n"
	     "mode is 'r', 'w' or 'rw', with or without 'b'.");

/*
 * The type, derived from a base whose size is known only now. Deallocation is the
 * interpreter's, which clears object members such as _sock, and closes a file left open.
 */
static PyObject *derive(PyObject *module, PyObject *base)
{
	Py_ssize_t start = ((PyTypeObject *)base)->tp_basicsize;
#define FIELD(field) (start + (Py_ssize_t)offsetof(struct socket_io, field))
	PyMemberDef members[] = {
		sock_member(start),
		{"_reading", T_BOOL, FIELD(reading), 0, NULL},
		{"_writing", T_BOOL, FIELD(writing), 0, NULL},
		{"_timeout_occurred", T_BOOL, FIELD(timeout_occurred), 0, NULL},
		{NULL, 0, 0, 0, NULL},
	};
#undef FIELD
	PyType_Slot slots[] = {
		{Py_tp_doc, (void *)io_doc},   {Py_tp_init, io_init},
		{Py_tp_traverse, io_traverse}, {Py_tp_clear, io_clear},
		{Py_tp_methods, io_methods},   {Py_tp_members, members},
		{Py_tp_getset, io_getset},     {0, NULL},
	};
	PyType_Spec spec = {
		.name = "csocket.SocketIO",
		.basicsize = (int)(start + (Py_ssize_t)sizeof(struct socket_io)),
		.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
		.slots = slots,
	};

	return PyType_FromModuleAndSpec(module, &spec, base);
}

static PyObject *io_attribute(const char *module_name, const char *name)
{
	PyObject *module = PyImport_ImportModule(module_name);
	PyObject *value = module ? attribute(module, name) : NULL;

	Py_XDECREF(module);
	return value;
}

/*
 * A type made in C may not have the metaclass of io.RawIOBase. Like io.FileIO it derives from
 * the type that io.RawIOBase stands on, and is registered with io.RawIOBase.
 */
static PyObject *make_type(PyObject *module)
{
	PyObject *base = io_attribute("_io", "_RawIOBase");
	PyObject *abstract = base ? io_attribute("io", "RawIOBase") : NULL;
	PyObject *type = abstract ? derive(module, base) : NULL;
	PyObject *done = type ? method_call("register", abstract, type) : NULL;

	if (!done)
		Py_CLEAR(type);
	Py_XDECREF(done);
	Py_XDECREF(abstract);
	Py_XDECREF(base);
	return type;
}

int socket_io_add_type(PyObject *module)
{
	struct module_state *state = module_state(module);
	PyObject *type = make_type(module);

	state->io_type = (PyTypeObject *)type;
	state->io_watch.methods = own_methods;
	return type ? PyModule_AddObjectRef(module, "SocketIO", type) : -1;
}
