/*
 * getsockopt and setsockopt.
 */
#include "convert/arguments.h"
#include "convert/errors.h"
#include "socket/methods.h"

#include <stdbool.h>

/* The longest option that getsockopt() reads. */
#define OPTION_SIZE_MAX 1024

/*
 * As in CPython an option is an int here, even SO_MARK, which csock_get_int gives without a sign.
 * Only AF_VSOCK's own options have 64 bits. On most machines SOL_SOCKET and AF_UNIX are the same
 * number.
 */
static bool is_wide(const struct socket_object *self, int level)
{
	if (level == SOL_SOCKET || level != RELAXED_LOAD(&self->sock.family))
		return false;
	const struct csock_family *family =
		csock_family_find(level, RELAXED_LOAD(&self->sock.protocol));
	return family && family->wide_options;
}

static PyObject *get_int(struct socket_object *self, int level, int option)
{
	bool wide = is_wide(self, level);
	int64_t wide_value = 0;
	int value = 0;
	size_t size = wide ? sizeof wide_value : sizeof value;
	int status = csock_getsockopt(&self->sock, level, option,
				      wide ? (void *)&wide_value : &value, &size);

	return status < 0 ? raise_status(self->state, status)
			  : PyLong_FromLongLong(wide ? wide_value : value);
}

static PyObject *get_bytes(struct socket_object *self, int level, int option, int room)
{
	char value[OPTION_SIZE_MAX];
	size_t size = (size_t)room;

	if (room <= 0 || room > OPTION_SIZE_MAX) {
		PyErr_SetString(PyExc_OSError, "getsockopt buflen out of range");
		error_note("given %d, must be 1-%d", room, OPTION_SIZE_MAX);
		return NULL;
	}
	int status = csock_getsockopt(&self->sock, level, option, value, &size);
	if (status < 0)
		return raise_status(self->state, status);
	/* Some options report the length that they would have needed. */
	if (size > (size_t)room)
		size = (size_t)room;
	return PyBytes_FromStringAndSize(value, (Py_ssize_t)size);
}

IN_ONE_PIECE PyObject *sock_getsockopt(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	int level, option, room = 0;

	if (arguments_check("getsockopt", count, 2, 3) < 0 || argument_int(args[0], &level) < 0 ||
	    argument_int(args[1], &option) < 0 ||
	    optional_int(count > 2 ? args[2] : NULL, &room) < 0)
		return NULL;
	/* A length of 0 asks for an int, as leaving it out does. */
	if (room == 0)
		return get_int(as_socket(self), level, option);
	return get_bytes(as_socket(self), level, option, room);
}

static PyObject *set_int(struct socket_object *self, int level, int option, PyObject *object)
{
	long long value = PyLong_AsLongLong(object);

	if (value == -1 && PyErr_Occurred())
		return NULL;
	bool wide = is_wide(self, level);
	int narrow = (int)value;
	if (!wide && narrow != value) {
		raise_beyond_int(value);
		return NULL;
	}
	return none_or_raise(self->state, csock_setsockopt(&self->sock, level, option,
							   wide ? (const void *)&value : &narrow,
							   wide ? sizeof value : sizeof narrow));
}

static PyObject *set_bytes(struct socket_object *self, int level, int option, PyObject *value)
{
	Py_buffer view;

	if (!PyObject_CheckBuffer(value)) {
		PyErr_Format(PyExc_TypeError,
			     "socket option should be int, bytes-like object or None (got %s)",
			     Py_TYPE(value)->tp_name);
		return NULL;
	}
	if (PyObject_GetBuffer(value, &view, PyBUF_SIMPLE) < 0)
		return NULL;
	int status = csock_setsockopt(&self->sock, level, option, view.buf, (size_t)view.len);
	PyBuffer_Release(&view);
	return none_or_raise(self->state, status);
}

/* The form with None and a length: no value, but a size (ALG_SET_AEAD_AUTHSIZE needs it). */
static PyObject *set_nothing(struct socket_object *self, int level, int option,
			     PyObject *const *args, Py_ssize_t count)
{
	int size;

	if (count != 4) {
		PyErr_SetString(
			PyExc_TypeError,
			"setsockopt() requires 4 arguments when the third argument is None");
		return NULL;
	}
	if (argument_int(args[3], &size) < 0)
		return NULL;
	return none_or_raise(self->state, csock_setsockopt(&self->sock, level, option, NULL,
							   (size_t)(unsigned int)size));
}

PyObject *sock_setsockopt(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
	struct socket_object *self = as_socket(object);
	int level, option;

	if (arguments_check("setsockopt", count, 3, 4) < 0 || argument_int(args[0], &level) < 0 ||
	    argument_int(args[1], &option) < 0)
		return NULL;
	if (args[2] == Py_None)
		return set_nothing(self, level, option, args, count);
	if (count == 4) {
		PyErr_Format(PyExc_TypeError,
			     "setsockopt() only takes 4 arguments when the third argument is None "
			     "(got %s)",
			     Py_TYPE(args[2])->tp_name);
		return NULL;
	}
	if (!PyIndex_Check(args[2]))
		return set_bytes(self, level, option, args[2]);
	return set_int(self, level, option, args[2]);
}
