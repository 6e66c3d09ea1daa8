/*
 * Timeouts: of one socket, and the default for new ones.
 */
#include <math.h>

#include "convert/errors.h"
#include "socket/methods.h"

#define NANOSECONDS 1000000000

static int raise_too_long(PyObject *object)
{
	PyErr_SetString(PyExc_OverflowError, "timestamp out of range for C PyTime_t");
	error_note("timeout %R, must be at most %lld seconds", object,
		   (long long)(INT64_MAX / NANOSECONDS));
	return -1;
}

static int from_float(PyObject *object, int64_t *timeout)
{
	double seconds = PyFloat_AsDouble(object);

	if (seconds == -1.0 && PyErr_Occurred())
		return -1;
	if (isunordered(seconds, seconds)) {
		PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
		return -1;
	}
	/* Rounded up: a timeout that is not zero does not become zero. */
	double nanoseconds = ceil(fabs(seconds) * NANOSECONDS);
	if (!(nanoseconds < (double)INT64_MAX))
		return raise_too_long(object);
	*timeout = seconds < 0 ? -(int64_t)nanoseconds : (int64_t)nanoseconds;
	return 0;
}

static int from_int(PyObject *object, int64_t *timeout)
{
	long long seconds = PyLong_AsLongLong(object);

	if (seconds == -1 && PyErr_Occurred()) {
		if (PyErr_ExceptionMatches(PyExc_OverflowError))
			return raise_too_long(object);
		return -1;
	}
	if (__builtin_mul_overflow(seconds, NANOSECONDS, timeout))
		return raise_too_long(object);
	return 0;
}

/* Takes any real number. A number with __float__ but no __index__ may be a fraction. */
static int from_number(PyObject *object, int64_t *timeout)
{
	int64_t value;
	int result = PyIndex_Check(object) ? from_int(object, &value) : from_float(object, &value);

	if (result < 0)
		return -1;
	if (value < 0) {
		PyErr_SetString(PyExc_ValueError, "Timeout value out of range");
		error_note("given %R, must be None or not negative", object);
		return -1;
	}
	*timeout = value;
	return 0;
}

int timeout_from_python(PyObject *object, int64_t *timeout)
{
	if (object != Py_None)
		return from_number(object, timeout);
	*timeout = -1;
	return 0;
}

PyObject *timeout_to_python(int64_t timeout)
{
	if (timeout < 0)
		Py_RETURN_NONE;
	return PyFloat_FromDouble((double)timeout / NANOSECONDS);
}

int sock_set_timeout(struct socket_object *self, int64_t timeout)
{
	int status = csock_set_blocking(&self->sock, timeout < 0);

	if (status < 0) {
		raise_status(self->state, status);
		return -1;
	}
	RELAXED_STORE(&self->timeout, timeout);
	return 0;
}

PyObject *sock_settimeout(PyObject *self, PyObject *value)
{
	int64_t timeout;

	if (timeout_from_python(value, &timeout) < 0 ||
	    sock_set_timeout(as_socket(self), timeout) < 0)
		return NULL;
	Py_RETURN_NONE;
}

PyObject *sock_setblocking(PyObject *self, PyObject *flag)
{
	int blocking = PyObject_IsTrue(flag);

	if (blocking < 0 || sock_set_timeout(as_socket(self), blocking ? -1 : 0) < 0)
		return NULL;
	Py_RETURN_NONE;
}

PyObject *sock_gettimeout(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return timeout_to_python(sock_timeout(as_socket(self)));
}

PyObject *sock_get_timeout(PyObject *self, void *closure)
{
	(void)closure;
	return timeout_to_python(sock_timeout(as_socket(self)));
}

PyObject *sock_getblocking(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return PyBool_FromLong(sock_timeout(as_socket(self)) != 0);
}

PyDoc_STRVAR(getdefaulttimeout_doc,
	     "getdefaulttimeout()\n--\n\n"
	     "Return the timeout in seconds, a float, that new sockets begin with, or None.");

static PyObject *mod_getdefaulttimeout(PyObject *module, PyObject *ignored)
{
	(void)ignored;
	return timeout_to_python(RELAXED_LOAD(&module_state(module)->default_timeout));
}

PyDoc_STRVAR(setdefaulttimeout_doc,
	     "setdefaulttimeout(timeout, /)\n--\n\n"
	     "Set the timeout in seconds that new sockets begin with; None for no timeout.");

static PyObject *mod_setdefaulttimeout(PyObject *module, PyObject *value)
{
	int64_t timeout;

	if (timeout_from_python(value, &timeout) < 0)
		return NULL;
	RELAXED_STORE(&module_state(module)->default_timeout, timeout);
	Py_RETURN_NONE;
}

PyMethodDef timeout_functions[] = {
	{"getdefaulttimeout", mod_getdefaulttimeout, METH_NOARGS, getdefaulttimeout_doc},
	{"setdefaulttimeout", mod_setdefaulttimeout, METH_O, setdefaulttimeout_doc},
	{NULL, NULL, 0, NULL},
};
