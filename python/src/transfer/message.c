/*
 * sendmsg, sendmsg_afalg, recvmsg and recvmsg_into.
 */
#include "convert/address.h"
#include "convert/ancillary.h"
#include "convert/arguments.h"
#include "convert/buffers.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "reuse/bytes.h"
#include "reuse/ints.h"
#include "reuse/tuples.h"
#include "socket/call.h"
#include "socket/methods.h"

#include <stdbool.h>

struct recvmsg_call {
	struct csock_buffer single; /* of recvmsg() */
	const struct csock_buffer *buffers;
	size_t count;
	int flags;
	struct csock_received received;
};

static ssize_t call_recvmsg(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct recvmsg_call *call = arguments;

	return csock_recvmsg(sock, call->buffers, call->count, call_flags(call->flags, deadline),
			     &call->received, deadline);
}

/* (data, ancdata, flags, address); steals data, which may be NULL with an exception. */
static PyObject *message_to_python(struct socket_object *self, PyObject *data,
				   struct csock_received *received)
{
	PyObject *ancillary = data ? ancillary_to_python(received) : NULL;
	PyObject *address =
		ancillary ? address_to_python(self->state, &received->from, &self->sock) : NULL;
	PyObject *flags = address ? PyLong_FromLong(received->flags) : NULL;
	PyObject *message = tuple_of(data, ancillary, flags, address);

	if (!message)
		ancillary_close_rights(received);
	return message;
}

/* Allocates the room for ancillary data: 0, or -1 with an exception. */
static int allocate_ancillary(Py_ssize_t size, struct csock_received *received)
{
	if (ancillary_check_room(size) < 0)
		return -1;
	received->control = size > 0 ? PyMem_Malloc((size_t)size) : NULL;
	received->control_size = (size_t)size;
	if (size == 0 || received->control)
		return 0;
	PyErr_NoMemory();
	return -1;
}

/* The ancbufsize and flags that follow the first argument. */
static int take_room(PyObject *const *args, Py_ssize_t count, Py_ssize_t *room, int *flags)
{
	if (optional_size(count > 1 ? args[1] : NULL, room) < 0)
		return -1;
	return optional_int(count > 2 ? args[2] : NULL, flags);
}

static ssize_t perform_recvmsg(struct socket_object *self, size_t size, struct recvmsg_call *call)
{
	return sock_call(self, receive_mode(size), call_recvmsg, call);
}

static PyObject *recvmsg_bytes(struct socket_object *self, Py_ssize_t size,
			       struct recvmsg_call *call)
{
	PyObject *room = bytes_room(&self->state->reuse, size);

	if (!room)
		return NULL;
	bytes_prepare(PyBytes_AS_STRING(room), (size_t)size, call->flags);
	call->single = (struct csock_buffer){PyBytes_AS_STRING(room), (size_t)size};
	call->buffers = &call->single;
	call->count = 1;
	ssize_t length = perform_recvmsg(self, (size_t)size, call);
	if (length < 0) {
		Py_DECREF(room);
		return raise_status(self->state, length);
	}
	/* With MSG_TRUNC the kernel may return a length that is more than it wrote. */
	if (length > size)
		length = size;
	return message_to_python(self, bytes_received(&self->state->reuse, room, size, length),
				 &call->received);
}

PyObject *sock_recvmsg(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	struct recvmsg_call call = {0};
	Py_ssize_t size, room = 0;

	if (arguments_check("recvmsg", count, 1, 3) < 0 || argument_size(args[0], &size) < 0 ||
	    take_room(args, count, &room, &call.flags) < 0)
		return NULL;
	if (size < 0) {
		PyErr_SetString(PyExc_ValueError, "negative buffer size in recvmsg()");
		error_note("given %zd", size);
		return NULL;
	}
	if (allocate_ancillary(room, &call.received) < 0)
		return NULL;
	PyObject *message = recvmsg_bytes(as_socket(self), size, &call);
	PyMem_Free(call.received.control);
	return message;
}

static PyObject *recvmsg_buffers(struct socket_object *self, const struct buffers *buffers,
				 struct recvmsg_call *call)
{
	call->buffers = buffers->items;
	call->count = buffers->count;
	ssize_t length = perform_recvmsg(self, buffers->size, call);
	if (length < 0)
		return raise_status(self->state, length);
	return message_to_python(self, int_of_size(&self->state->reuse, length), &call->received);
}

PyObject *sock_recvmsg_into(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	struct recvmsg_call call = {0};
	struct buffers_room few;
	struct buffers buffers;
	Py_ssize_t room = 0;
	PyObject *message = NULL;

	if (arguments_check("recvmsg_into", count, 1, 3) < 0 ||
	    take_room(args, count, &room, &call.flags) < 0 ||
	    buffers_take(&buffers, &few, "recvmsg_into() argument 1", args[0], PyBUF_WRITABLE) < 0)
		return NULL;
	if (allocate_ancillary(room, &call.received) == 0) {
		message = recvmsg_buffers(as_socket(self), &buffers, &call);
		PyMem_Free(call.received.control);
	}
	buffers_release(&buffers);
	return message;
}

struct sendmsg_call {
	struct buffers buffers;
	struct ancillary ancillary;
	int flags;
	const struct csock_addr *to;
	size_t sent;
	bool whole; /* a blocking socket: see send() */
};

static ssize_t call_sendmsg(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct sendmsg_call *call = arguments;
	/* The ancillary data went with the first byte. */
	bool first = call->sent == 0;
	ssize_t n =
		csock_sendmsg(sock, call->buffers.items, call->buffers.count,
			      first ? call->ancillary.data : NULL, first ? call->ancillary.size : 0,
			      call_flags(call->flags, deadline), call->to, deadline);

	if (n > 0) {
		call->sent += (size_t)n;
		buffers_advance(&call->buffers, (size_t)n);
	}
	bool goes_on = call->whole && deadline == CSOCK_NOW && call->buffers.size > 0;
	if (n < 0)
		return call->sent > 0 && !goes_on ? (ssize_t)call->sent : n;
	return goes_on ? csock_status_make(CSOCK_WOULD_WAIT, 0) : (ssize_t)call->sent;
}

/* Sends the call's buffers, unless taking them failed (-1), and releases them in any case. */
static PyObject *send_message(struct socket_object *self, struct sendmsg_call *call, int taken,
			      PyObject *address)
{
	ssize_t sent = CALL_RAISED;

	if (taken == 0)
		sent = sock_call(self, send_mode(call->buffers.size), call_sendmsg, call);
	ancillary_release(&call->ancillary);
	buffers_release(&call->buffers);
	return sent < 0 ? raise_status_for(self->state, sent, address)
			: int_of_size(&self->state->reuse, sent);
}

PyObject *sock_sendmsg(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
	struct socket_object *self = as_socket(object);
	struct sendmsg_call call = {.whole = sock_timeout(self) < 0};
	struct buffers_room few;
	struct csock_addr to;

	if (arguments_check("sendmsg", count, 1, 4) < 0 ||
	    optional_int(count > 2 ? args[2] : NULL, &call.flags) < 0)
		return NULL;
	PyObject *address = count > 3 ? args[3] : Py_None;
	if (address != Py_None) {
		if (address_from_python(self->state, &self->sock, "sendmsg", address, &to) < 0) {
			error_name_address(address);
			return NULL;
		}
		call.to = &to;
	}
	if (PySys_Audit("socket.sendmsg", "OO", self, address) < 0)
		return NULL;
	int taken =
		buffers_take(&call.buffers, &few, "sendmsg() argument 1", args[0], PyBUF_SIMPLE);
	if (taken == 0)
		taken = ancillary_take(&call.ancillary, "sendmsg() argument 2",
				       count > 1 ? args[1] : NULL);
	return send_message(self, &call, taken, call.to ? address : NULL);
}

/* A required int that must not be negative: 0, or -1 with an exception. */
static int take_number(const char *text, PyObject *object, uint32_t *value)
{
	int number = -1;

	if (object && PyLong_Check(object) && argument_int(object, &number) < 0)
		return -1;
	if (number < 0) {
		PyErr_SetString(PyExc_TypeError, text);
		error_note("given %R, must be an int that is not negative",
			   object ? object : Py_None);
		return -1;
	}
	*value = (uint32_t)number;
	return 0;
}

/* The ancillary data of an operation from its arguments, of which only op is required. */
static int take_operation(PyObject *op, PyObject *iv, PyObject *assoclen,
			  struct ancillary *ancillary)
{
	struct csock_alg_operation operation = {.has_assoclen = assoclen != NULL};
	Py_buffer view = {0};

	if (take_number("Invalid or missing argument 'op'", op, &operation.op) < 0 ||
	    (assoclen &&
	     take_number("assoclen must be positive", assoclen, &operation.assoclen) < 0) ||
	    (iv && PyObject_GetBuffer(iv, &view, PyBUF_SIMPLE) < 0))
		return -1;
	operation.iv = iv ? view.buf : NULL;
	operation.iv_size = (size_t)view.len;
	int result = ancillary_allocate(ancillary, csock_alg_ancillary_size(&operation));
	if (result == 0 &&
	    csock_alg_ancillary_encode(&operation, ancillary->data, ancillary->size) < 0) {
		PyErr_BadInternalCall();
		result = -1;
	}
	PyBuffer_Release(&view);
	return result;
}

PyObject *sock_sendmsg_afalg(PyObject *object, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	enum {
		MSG,
		OP,
		IV,
		ASSOCLEN,
		FLAGS,
		ARGUMENTS
	};
	static const char *const arguments[] = {"msg", "op", "iv", "assoclen", "flags", NULL};
	static const struct signature signature = {"sendmsg_afalg", arguments, 0, 1};
	struct socket_object *self = as_socket(object);
	struct sendmsg_call call = {.whole = sock_timeout(self) < 0};
	struct buffers_room few;
	PyObject *values[ARGUMENTS];
	const struct csock_family *row = csock_family_find(self->sock.family, self->sock.protocol);

	if (!row || !row->takes_operations) {
		PyErr_SetString(PyExc_OSError, "algset is only supported for AF_ALG");
		return NULL;
	}
	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    optional_int(values[FLAGS], &call.flags) < 0)
		return NULL;
	int taken = take_operation(values[OP], values[IV], values[ASSOCLEN], &call.ancillary);
	if (taken == 0)
		taken = buffers_take(&call.buffers, &few, "sendmsg_afalg() argument 1", values[MSG],
				     PyBUF_SIMPLE);
	return send_message(self, &call, taken, NULL);
}
