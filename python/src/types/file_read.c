/*
 * read() of SocketIO. socket.py leaves it to the base type, which calls readinto(). Here, if
 * readinto() and recv_into() are csocket's own, it receives directly.
 */
#include "types/file.h"

#include "convert/arguments.h"
#include "convert/objects.h"
#include "socket/methods.h"

PyDoc_STRVAR(read_doc,
	     "read($self, size=-1, /)\n--\n\n"
	     "Receive at most size bytes; if size is negative, all until the end of the stream.\n\n"
	     "Return no bytes at the end of the stream, and None if a non-blocking socket has no\n"
	     "data yet.");

/* Calls the file's own readinto() by the base type's read(), which copies once more. */
APART static PyObject *read_by_readinto(PyObject *self, PyObject *size)
{
	PyObject *base = (PyObject *)io_own_type(self)->tp_base;

	return size ? method_call("read", base, self, size) : method_call("read", base, self);
}

static PyObject *receive_from(struct module_state *state, PyObject *self, PyObject *sock,
			      PyObject *size)
{
	if (io_let_others_run(state) < 0)
		return NULL;
	bool is_ready = io_is_ready_to_read(state->io_type, self);

	if (UNLIKELY(!is_ready) && io_require_reading(state, self) < 0)
		return NULL;
	PyObject *received = sock_recv(sock, &size, 1);
	return LIKELY(received != NULL) ? received : io_after_failed_read(state, self);
}

IN_ONE_PIECE static PyObject *io_read(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	/* NULL if the garbage collector has cleared the type. */
	struct module_state *state = PyType_GetModuleState(io_own_type(self));
	PyObject *sock, *received;
	Py_ssize_t size;

	if (!state || arguments_check("read", count, 0, 1) < 0)
		return NULL;
	if (count == 0 || !int_is_small(args[0], &size) || size < 0 || !io_is_plain(state, self))
		return read_by_readinto(self, count > 0 ? args[0] : NULL);
	sock = io_get_sock(state, self);
	if (!sock)
		return NULL;
	received = sock_is_plain(state, sock) ? receive_from(state, self, sock, args[0])
					      : read_by_readinto(self, args[0]);
	Py_DECREF(sock);
	return received;
}

PyMethodDef io_methods[] = {
	{"read", FAST(io_read), read_doc},
	{NULL, NULL, 0, NULL},
};
