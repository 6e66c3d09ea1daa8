/*
 * send_segments, recv_segments and recv_segments_into.
 */
#include "convert/address.h"
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "reuse/bytes.h"
#include "reuse/ints.h"
#include "reuse/scratch.h"
#include "reuse/tuples.h"
#include "socket/call.h"
#include "socket/methods.h"
#include "transfer/receive_buffer.h"

#include <stdbool.h>

struct send_call {
	const char *data;
	size_t size;
	size_t segment_size;
	int flags;
	const struct csock_addr *to; /* address below, or NULL for the peer */
	struct csock_addr address;
	size_t sent;
	bool waits; /* the socket waits until all is sent */
};

/* The result is the number of bytes sent, even if the call ends early: see send(). */
static ssize_t call_send_segments(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct send_call *call = arguments;
	ssize_t n = csock_send_segments(sock, call->data + call->sent, call->size - call->sent,
					call->segment_size, call_flags(call->flags, deadline),
					call->to, deadline);

	if (n < 0)
		return call->sent > 0 ? (ssize_t)call->sent : n;
	call->sent += (size_t)n;
	if (call->waits && deadline == CSOCK_NOW && call->sent < call->size)
		return csock_status_make(CSOCK_WOULD_WAIT, 0);
	return (ssize_t)call->sent;
}

/* Sends to an address or (None) the peer. */
static PyObject *send_to(struct socket_object *self, struct send_call *call, PyObject *address)
{
	if (address != Py_None) {
		if (address_from_python(self->state, &self->sock, "send_segments", address,
					&call->address) < 0) {
			error_name_address(address);
			return NULL;
		}
		call->to = &call->address;
	}
	if (PySys_Audit("socket.sendmsg", "OO", self, address) < 0)
		return NULL;
	ssize_t sent = sock_call(self, send_mode(call->size), call_send_segments, call);
	return sent < 0 ? raise_status_for(self->state, sent, call->to ? address : NULL)
			: int_of_size(&self->state->reuse, sent);
}

PyObject *sock_send_segments(PyObject *object, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	static const char *const parameters[] = {"data", "segment_size", "address", "flags", NULL};
	static const struct signature signature = {"send_segments", parameters, 2, 4};
	struct socket_object *self = as_socket(object);
	struct send_call call = {.waits = sock_timeout(self) != 0};
	Py_ssize_t segment_size;
	PyObject *values[4];
	struct data data;

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    argument_size(values[1], &segment_size) < 0 || optional_int(values[3], &call.flags) < 0)
		return NULL;
	if (segment_size < 1)
		return PyErr_Format(PyExc_ValueError,
				    "send_segments: segment_size must be at least 1, not %zd",
				    segment_size);
	if (data_take(&data, values[0]) < 0)
		return NULL;
	call.data = data.bytes;
	call.size = data.size;
	call.segment_size = (size_t)segment_size;
	PyObject *sent = send_to(self, &call, values[2] ? values[2] : Py_None);
	data_release(&data);
	return sent;
}

struct recv_call {
	void *buffer;
	size_t size;
	int flags;
	size_t segment_size;
	struct csock_addr from;
};

static ssize_t call_recv_segments(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct recv_call *call = arguments;

	return csock_recv_segments(sock, call->buffer, call->size,
				   call_flags(call->flags, deadline), &call->segment_size,
				   &call->from, deadline);
}

static ssize_t perform_recv_segments(struct socket_object *self, struct recv_call *call)
{
	return sock_call(self, receive_mode(call->size), call_recv_segments, call);
}

/* The list of the datagrams in size bytes; 0 bytes are one empty datagram. */
static PyObject *cut(struct module_state *state, const char *data, size_t size, size_t segment_size)
{
	size_t count = size > 0 ? (size - 1) / segment_size + 1 : 1;
	PyObject *list = PyList_New((Py_ssize_t)count);

	for (size_t i = 0; list && i < count; i++) {
		size_t at = i * segment_size, left = size - at;
		size_t part = left < segment_size ? left : segment_size;
		PyObject *segment =
			bytes_fill(bytes_room_for_datagram(&state->reuse, i, (Py_ssize_t)part),
				   data + at, part);
		if (segment)
			PyList_SET_ITEM(list, (Py_ssize_t)i, segment);
		else
			Py_CLEAR(list);
	}
	return list;
}

/* ([datagram, ...], address) */
static PyObject *receive_list(struct socket_object *self, struct recv_call *call)
{
	ssize_t length = perform_recv_segments(self, call);

	if (length < 0)
		return raise_status(self->state, length);
	/* With MSG_TRUNC the kernel tells a length that is more than it wrote. */
	size_t size = (size_t)length < call->size ? (size_t)length : call->size;
	PyObject *list = cut(self->state, call->buffer, size, call->segment_size);
	PyObject *address = list ? address_to_python(self->state, &call->from, &self->sock) : NULL;
	return tuple_of(list, address);
}

/* The longest run, in bytes: the limit of IP's length field. */
#define RUN_MAX 65535

PyObject *sock_recv_segments(PyObject *object, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	static const char *const parameters[] = {"bufsize", "flags", NULL};
	static const struct signature signature = {"recv_segments", parameters, 0, 2};
	struct socket_object *self = as_socket(object);
	struct recv_call call = {0};
	Py_ssize_t size = RUN_MAX;
	PyObject *values[2];

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    optional_size(values[0], &size) < 0 || optional_int(values[1], &call.flags) < 0)
		return NULL;
	if (size < 0)
		return PyErr_Format(PyExc_ValueError, "negative buffersize in recv_segments: %zd",
				    size);
	call.size = (size_t)size;
	call.buffer = scratch_take(&self->state->reuse, call.size);
	if (!call.buffer)
		return PyErr_NoMemory();
	bytes_prepare(call.buffer, call.size, call.flags);
	PyObject *result = receive_list(self, &call);
	scratch_give(&self->state->reuse, call.buffer, call.size);
	return result;
}

PyObject *sock_recv_segments_into(PyObject *object, PyObject *const *args, Py_ssize_t count,
				  PyObject *names)
{
	static const struct receive_buffer_texts texts = {"recv_segments_into",
							  "buffer too small for requested bytes"};
	struct socket_object *self = as_socket(object);
	struct receive_buffer target;

	if (receive_buffer_take(&target, &texts, args, count, names) < 0)
		return NULL;
	struct recv_call call = {
		.buffer = target.bytes, .size = target.size, .flags = target.flags};
	ssize_t length = perform_recv_segments(self, &call);
	receive_buffer_release(&target);
	if (length < 0)
		return raise_status(self->state, length);
	PyObject *address = address_to_python(self->state, &call.from, &self->sock);
	return tuple_kept(&self->state->reuse, int_of_size(&self->state->reuse, length),
			  int_of_size(&self->state->reuse, (Py_ssize_t)call.segment_size), address);
}
