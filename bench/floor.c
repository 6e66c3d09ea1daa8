/*
 * The least that an extension can do: sockets whose methods only make the system call. No errors,
 * flags, timeouts, threads or subclasses. So all the rest of a call's time here is the
 * interpreter's.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

struct floor_socket {
	PyObject_HEAD
	int fd;
};

static int fd_of(PyObject *self)
{
	return ((struct floor_socket *)self)->fd;
}

static PyObject *floor_send(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	(void)count;
	return PyLong_FromSsize_t(send(fd_of(self), PyBytes_AS_STRING(args[0]),
				       (size_t)PyBytes_GET_SIZE(args[0]), 0));
}

static PyObject *floor_recv(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	Py_ssize_t size = PyLong_AsSsize_t(args[0]);
	PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);

	(void)count;
	if (!bytes)
		return NULL;
	ssize_t received = recv(fd_of(self), PyBytes_AS_STRING(bytes), (size_t)size, 0);
	if (received != size)
		_PyBytes_Resize(&bytes, received < 0 ? 0 : received);
	return bytes;
}

static PyObject *floor_recv_into(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	Py_buffer view;

	(void)count;
	if (PyObject_GetBuffer(args[0], &view, PyBUF_WRITABLE) < 0)
		return NULL;
	ssize_t received = recv(fd_of(self), view.buf, (size_t)view.len, 0);
	PyBuffer_Release(&view);
	return PyLong_FromSsize_t(received);
}

static PyObject *floor_getsockopt(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	int value = -1;
	socklen_t length = sizeof value;

	(void)count;
	getsockopt(fd_of(self), (int)PyLong_AsLong(args[0]), (int)PyLong_AsLong(args[1]), &value,
		   &length);
	return PyLong_FromLong(value);
}

/* Connects to an IPv4 address. */
static PyObject *floor_connect(PyObject *self, PyObject *address)
{
	struct sockaddr_in to = {.sin_family = AF_INET};

	inet_pton(AF_INET, PyUnicode_AsUTF8(PyTuple_GET_ITEM(address, 0)), &to.sin_addr);
	to.sin_port = htons((uint16_t)PyLong_AsLong(PyTuple_GET_ITEM(address, 1)));
	connect(fd_of(self), (struct sockaddr *)&to, sizeof to);
	Py_RETURN_NONE;
}

/* (socket, (host, port)) */
static PyObject *floor_accept(PyObject *self, PyObject *ignored)
{
	PyTypeObject *class = Py_TYPE(self);
	struct floor_socket *accepted = (struct floor_socket *)class->tp_alloc(class, 0);
	PyObject *address = PyTuple_New(2), *pair = PyTuple_New(2);
	char host[INET_ADDRSTRLEN];
	struct sockaddr_in peer;
	socklen_t length = sizeof peer;

	(void)ignored;
	if (!accepted || !address || !pair)
		return NULL;
	accepted->fd = accept4(fd_of(self), (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
	inet_ntop(AF_INET, &peer.sin_addr, host, sizeof host);
	PyTuple_SET_ITEM(address, 0, PyUnicode_FromString(host));
	PyTuple_SET_ITEM(address, 1, PyLong_FromLong(ntohs(peer.sin_port)));
	PyTuple_SET_ITEM(pair, 0, (PyObject *)accepted);
	PyTuple_SET_ITEM(pair, 1, address);
	return pair;
}

static PyObject *floor_close(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	close(fd_of(self));
	Py_RETURN_NONE;
}

/* Socket() makes a TCP socket; Socket(fd) uses the given one. */
static PyObject *floor_new(PyObject *type, PyObject *const *args, size_t count, PyObject *names)
{
	PyTypeObject *class = (PyTypeObject *)type;
	struct floor_socket *self = (struct floor_socket *)class->tp_alloc(class, 0);

	(void)names;
	if (self)
		self->fd = PyVectorcall_NARGS(count) > 0
				   ? (int)PyLong_AsLong(args[0])
				   : socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return (PyObject *)self;
}

#define FAST(function) (PyCFunction)(void (*)(void))(function), METH_FASTCALL, NULL

static PyMethodDef methods[] = {
	{"send", FAST(floor_send)},
	{"recv", FAST(floor_recv)},
	{"recv_into", FAST(floor_recv_into)},
	{"getsockopt", FAST(floor_getsockopt)},
	{"connect", floor_connect, METH_O, NULL},
	{"accept", floor_accept, METH_NOARGS, NULL},
	{"close", floor_close, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
	{Py_tp_methods, methods},
	{0, NULL},
};

static PyType_Spec spec = {
	.name = "floor.Socket",
	.basicsize = sizeof(struct floor_socket),
	.flags = Py_TPFLAGS_DEFAULT,
	.slots = slots,
};

static int floor_exec(PyObject *module)
{
	PyObject *type = PyType_FromSpec(&spec);

	if (!type)
		return -1;
	((PyTypeObject *)type)->tp_vectorcall = floor_new;
	int result = PyModule_AddObjectRef(module, "Socket", type);
	Py_DECREF(type);
	return result;
}

static PyModuleDef_Slot module_slots[] = {
	{Py_mod_exec, floor_exec},
#if PY_VERSION_HEX >= 0x030d0000
	{Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
	{0, NULL},
};

static struct PyModuleDef module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "floor",
	.m_slots = module_slots,
};

PyMODINIT_FUNC PyInit_floor(void)
{
	return PyModuleDef_Init(&module);
}
