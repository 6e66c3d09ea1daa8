/*
 * recv, recvfrom, send, sendto and their like.
 */
#include "address.h"
#include "arguments.h"
#include "buffers.h"
#include "call.h"
#include "errors.h"
#include "methods.h"

#include <stdbool.h>

struct recv_call {
	void *buffer;
	size_t size;
	int flags;
	struct csock_addr *from; /* NULL if nobody asks */
};

static ssize_t call_recv(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	const struct recv_call *call = arguments;

	if (call->from)
		return csock_recvfrom(sock, call->buffer, call->size, call->flags, call->from,
				      deadline);
	return csock_recv(sock, call->buffer, call->size, call->flags, deadline);
}

static ssize_t receive(PyObject *object, struct recv_call *call)
{
	/* No room for a byte: nothing to ask for, unless it is for the sender's address. */
	if (call->size == 0 && !call->from)
		return 0;
	return sock_call(as_socket(object), call_mode_for(call->size), call_recv, call);
}

/* The size and flags that recv() and recvfrom() take. */
static int take_size(const char *method, PyObject *const *args, Py_ssize_t count, Py_ssize_t *size,
		     int *flags)
{
	if (arguments_check(method, count, 1, 2) < 0 || argument_size(args[0], size) < 0 ||
	    argument_int(count > 1 ? args[1] : NULL, flags) < 0)
		return -1;
	if (*size >= 0)
		return 0;
	PyErr_Format(PyExc_ValueError, "negative buffersize in %s: %zd", method, *size);
	return -1;
}

/* Receives into a bytes object of its own. */
static PyObject *receive_bytes(PyObject *object, Py_ssize_t size, struct recv_call *call)
{
	PyObject *bytes = PyBytes_FromStringAndSize(NULL, size);

	if (!bytes)
		return NULL;
	call->buffer = PyBytes_AS_STRING(bytes);
	call->size = (size_t)size;
	ssize_t received = receive(object, call);
	if (received < 0) {
		Py_DECREF(bytes);
		return raise_status(as_socket(object)->state, received);
	}
	return received_bytes(bytes, size, received);
}

PyObject *sock_recv(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	struct recv_call call = {0};
	Py_ssize_t size;

	if (take_size("recv", args, count, &size, &call.flags) < 0)
		return NULL;
	return receive_bytes(self, size, &call);
}

PyObject *sock_recvfrom(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	struct csock_addr from;
	struct recv_call call = {.from = &from};
	Py_ssize_t size;

	if (take_size("recvfrom", args, count, &size, &call.flags) < 0)
		return NULL;
	PyObject *bytes = receive_bytes(self, size, &call);
	PyObject *address = bytes ? address_to_python(&from, &as_socket(self)->sock) : NULL;
	if (!address) {
		Py_XDECREF(bytes);
		return NULL;
	}
	return Py_BuildValue("(NN)", bytes, address);
}

/* The buffer, size and flags of the calls that receive into a buffer. view is taken on success. */
static int take_buffer(const char *method, PyObject *const *args, Py_ssize_t count, PyObject *names,
		       Py_buffer *view, struct recv_call *call)
{
	static const char *const parameters[] = {"buffer", "nbytes", "flags", NULL};
	const struct signature signature = {method, parameters, 1, 3};
	PyObject *values[3];
	Py_ssize_t size = 0;

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return -1;
	if (PyObject_GetBuffer(values[0], view, PyBUF_WRITABLE) < 0) {
		PyErr_Format(PyExc_TypeError,
			     "%s() takes a contiguous read-write bytes-like object, not %s", method,
			     Py_TYPE(values[0])->tp_name);
		return -1;
	}
	if (argument_size(values[1], &size) < 0 || argument_int(values[2], &call->flags) < 0)
		goto refused;
	if (size < 0) {
		PyErr_Format(PyExc_ValueError, "negative buffersize in %s: %zd", method, size);
		goto refused;
	}
	if (size > view->len) {
		PyErr_Format(PyExc_ValueError, "%s: nbytes %zd is greater than the buffer's %zd",
			     method, size, view->len);
		goto refused;
	}
	call->buffer = view->buf;
	call->size = (size_t)(size > 0 ? size : view->len);
	return 0;
refused:
	PyBuffer_Release(view);
	return -1;
}

PyObject *sock_recv_into(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	struct recv_call call = {0};
	Py_buffer view;

	if (take_buffer("recv_into", args, count, names, &view, &call) < 0)
		return NULL;
	ssize_t received = receive(self, &call);
	PyBuffer_Release(&view);
	if (received < 0)
		return raise_status(as_socket(self)->state, received);
	return PyLong_FromSsize_t(received);
}

PyObject *sock_recvfrom_into(PyObject *self, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	struct csock_addr from;
	struct recv_call call = {.from = &from};
	Py_buffer view;

	if (take_buffer("recvfrom_into", args, count, names, &view, &call) < 0)
		return NULL;
	ssize_t received = receive(self, &call);
	PyBuffer_Release(&view);
	if (received < 0)
		return raise_status(as_socket(self)->state, received);
	PyObject *address = address_to_python(&from, &as_socket(self)->sock);
	return address ? Py_BuildValue("(nN)", received, address) : NULL;
}

struct send_call {
	const char *data;
	size_t size;
	int flags;
	const struct csock_addr *to; /* NULL if connected */
	size_t sent;
	bool whole; /* a blocking socket: only a signal or a failure may cut the data short */
};

/*
 * Sends, and on a blocking socket goes on where a try could not place everything: the kernel
 * would have waited. What was sent by then is the result if anything comes between.
 */
static ssize_t call_send(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct send_call *call = arguments;
	ssize_t n = csock_sendto(sock, call->data + call->sent, call->size - call->sent,
				 call->flags, call->to, deadline);

	if (n >= 0)
		call->sent += (size_t)n;
	bool goes_on = call->whole && deadline == CSOCK_NOW && call->sent < call->size;
	if (n < 0)
		return call->sent > 0 && !goes_on ? (ssize_t)call->sent : n;
	return goes_on ? csock_status_make(CSOCK_WOULD_WAIT, 0) : (ssize_t)call->sent;
}

/* Status or count of sending the view, to an address or (NULL) the peer. */
static ssize_t send_view(struct socket_object *self, const Py_buffer *view, int flags,
			 const struct csock_addr *to)
{
	struct send_call call = {
		.data = view->buf,
		.size = (size_t)view->len,
		.flags = flags,
		.to = to,
		.whole = self->timeout < 0,
	};
	return sock_call(self, call_mode_for(call.size), call_send, &call);
}

/* The data and flags that send() and sendall() take. view is taken on success. */
static int take_data(const char *method, PyObject *const *args, Py_ssize_t count, Py_buffer *view,
		     int *flags)
{
	if (arguments_check(method, count, 1, 2) < 0 ||
	    PyObject_GetBuffer(args[0], view, PyBUF_SIMPLE) < 0)
		return -1;
	if (argument_int(count > 1 ? args[1] : NULL, flags) == 0)
		return 0;
	PyBuffer_Release(view);
	return -1;
}

PyObject *sock_send(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	Py_buffer view;
	int flags = 0;

	if (take_data("send", args, count, &view, &flags) < 0)
		return NULL;
	ssize_t sent = send_view(as_socket(self), &view, flags, NULL);
	PyBuffer_Release(&view);
	return sent < 0 ? raise_status(as_socket(self)->state, sent) : PyLong_FromSsize_t(sent);
}

static ssize_t call_send_all(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct send_call *call = arguments;

	return csock_send_all(sock, call->data, call->size, call->flags, &call->sent, deadline);
}

PyObject *sock_sendall(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
	struct socket_object *self = as_socket(object);
	struct send_call call = {0};
	Py_buffer view;

	if (take_data("sendall", args, count, &view, &call.flags) < 0)
		return NULL;
	call.data = view.buf;
	call.size = (size_t)view.len;
	ssize_t status = sock_call(self, call_mode_for(call.size), call_send_all, &call);
	PyBuffer_Release(&view);
	return none_or_raise(self->state, status);
}

static PyObject *sendto_view(struct socket_object *self, const Py_buffer *view, int flags,
			     PyObject *address)
{
	struct csock_addr to;

	if (address_from_python(self->state, &self->sock, "sendto", address, &to) < 0) {
		error_name_address(address);
		return NULL;
	}
	if (PySys_Audit("socket.sendto", "OO", self, address) < 0)
		return NULL;
	ssize_t sent = send_view(self, view, flags, &to);
	return sent < 0 ? raise_status_for(self->state, sent, address) : PyLong_FromSsize_t(sent);
}

PyObject *sock_sendto(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	PyObject *sent = NULL;
	Py_buffer view;
	int flags = 0;

	if (count < 2 || count > 3) {
		PyErr_Format(PyExc_TypeError, "sendto() takes 2 or 3 arguments (%zd given)", count);
		return NULL;
	}
	if (PyObject_GetBuffer(args[0], &view, PyBUF_SIMPLE) < 0)
		return NULL;
	if (argument_int(count > 2 ? args[1] : NULL, &flags) == 0)
		sent = sendto_view(as_socket(self), &view, flags, args[count - 1]);
	PyBuffer_Release(&view);
	return sent;
}
