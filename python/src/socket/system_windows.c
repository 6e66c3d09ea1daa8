/*
 * What sockets have on some systems only: Windows.
 *
 * There are no sendmsg() and recvmsg(), although the library has them: asyncio takes the name for a
 * sign of a POSIX system, and then cannot be imported.
 */
#include "socket/system.h"

#include <errno.h>

#include "csocket/windows.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "gil/release.h"
#include "socket/methods.h"

/* A second __init__ closes the handle of the first, as for other sockets. */
static int open_share(struct socket_object *self, const unsigned char *share)
{
	for (;;) {
		int status = csock_from_share(&self->sock, share);
		if (!csock_status_is(status, EBUSY))
			return status;
		(void)call_close(&self->sock);
	}
}

int share_open(struct socket_object *self, PyObject *fileno)
{
	int family, type, protocol;

	if (!PyBytes_Check(fileno))
		return 0;
	if (PyBytes_GET_SIZE(fileno) != CSOCK_SHARE_SIZE) {
		PyErr_Format(PyExc_ValueError,
			     "socket descriptor string has wrong size, should be %d bytes.",
			     CSOCK_SHARE_SIZE);
		error_note("given %zd bytes", PyBytes_GET_SIZE(fileno));
		return -1;
	}
	const unsigned char *share = (const unsigned char *)PyBytes_AS_STRING(fileno);
	csock_share_kind(share, &family, &type, &protocol);
	if (PySys_Audit("socket.__new__", "Oiii", self, family, type, protocol) < 0)
		return -1;
	int status = open_share(self, share);
	if (status >= 0)
		return 1;
	sock_mirror(self);
	raise_status(self->state, status);
	return -1;
}

PyDoc_STRVAR(share_doc,
	     "share($self, process_id, /)\n--\n\n"
	     "Return bytes from which that process makes the same socket, with fromshare().\n"
	     "\n"
	     "The socket must stay open until then.");

static PyObject *sock_share(PyObject *object, PyObject *process_id)
{
	struct socket_object *self = as_socket(object);
	unsigned long process = PyLong_AsUnsignedLongMask(process_id);

	if (process == (unsigned long)-1 && PyErr_Occurred())
		return NULL;
	PyObject *share = PyBytes_FromStringAndSize(NULL, CSOCK_SHARE_SIZE);
	if (!share)
		return NULL;
	int status =
		csock_share_with(&self->sock, process, (unsigned char *)PyBytes_AS_STRING(share));
	if (status >= 0)
		return share;
	Py_DECREF(share);
	return raise_status(self->state, status);
}

/* Makes an I/O control whose option is count numbers of 32 bits. */
static PyObject *control(struct socket_object *self, unsigned long code, const uint32_t *option,
			 size_t count)
{
	int status;

	Py_BEGIN_ALLOW_THREADS
	status = csock_io_control(&self->sock, code, option, count * sizeof *option, NULL, 0);
	Py_END_ALLOW_THREADS
	return status < 0 ? raise_status(self->state, status) : PyLong_FromLong(status);
}

PyDoc_STRVAR(
	ioctl_doc,
	"ioctl($self, control, option, /)\n--\n\n"
	"Make an I/O control (WSAIoctl). Return how many bytes Windows wrote.\n"
	"\n"
	"SIO_RCVALL takes one of the RCVALL_* constants; SIO_LOOPBACK_FAST_PATH a truth value;\n"
	"SIO_KEEPALIVE_VALS a tuple: whether to keep alive, the time before the first probe\n"
	"and that between probes, in ms.");

static PyObject *sock_ioctl(PyObject *object, PyObject *args)
{
	struct socket_object *self = as_socket(object);
	unsigned long code;
	PyObject *ignored;
	unsigned int number;
	unsigned long on, time, interval;

	if (!PyArg_ParseTuple(args, "kO:ioctl", &code, &ignored))
		return NULL;
	switch (code) {
	case SIO_RCVALL:
	case SIO_LOOPBACK_FAST_PATH:
		if (!PyArg_ParseTuple(args, "kI:ioctl", &code, &number))
			return NULL;
		return control(self, code, (uint32_t[]){number}, 1);
	case SIO_KEEPALIVE_VALS:
		if (!PyArg_ParseTuple(args, "k(kkk):ioctl", &code, &on, &time, &interval))
			return NULL;
		return control(self, code, (uint32_t[]){on, time, interval}, 3);
	default:
		PyErr_Format(PyExc_ValueError, "invalid ioctl command %lu", code);
		return NULL;
	}
}

PyMethodDef sock_system_methods[] = {
	{"ioctl", sock_ioctl, METH_VARARGS, ioctl_doc},
	{"share", sock_share, METH_O, share_doc},
	{NULL, NULL, 0, NULL},
};
