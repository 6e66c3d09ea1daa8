/*
 * sendmmsg, recvmmsg and recvmmsg_into.
 */
#include "convert/address.h"
#include "convert/ancillary.h"
#include "convert/arguments.h"
#include "convert/buffers.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "reuse/bytes.h"
#include "reuse/ints.h"
#include "reuse/scratch.h"
#include "reuse/tuples.h"
#include "socket/call.h"
#include "socket/methods.h"

#include <stdbool.h>

/* The most messages in a try with the GIL held: each costs the kernel more than its bytes do. */
#define TRY_MESSAGES_MAX 128

/* The parts of a message to send. */
struct parts {
	struct data data;           /* one bytes-like object, */
	struct csock_buffer buffer; /* and its memory, */
	struct buffers buffers;     /* or several */
	struct ancillary ancillary;
	struct csock_addr to;
};

struct outgoing_batch {
	PyObject *objects; /* a tuple of the messages as they were given */
	struct csock_outgoing *messages;
	struct parts *parts;
	size_t count;      /* of messages taken so far */
	size_t size;       /* of all their data, in bytes */
	PyObject *address; /* of the last message taken, borrowed; NULL for none */
	PyObject *first_address;
};

static int take_data(struct csock_outgoing *message, struct parts *parts, PyObject *object,
		     size_t *size)
{
	if (!PyObject_CheckBuffer(object)) {
		if (buffers_take(&parts->buffers, NULL, "data of sendmmsg()", object,
				 PyBUF_SIMPLE) < 0)
			return -1;
		message->buffers = parts->buffers.items;
		message->count = parts->buffers.count;
		*size += parts->buffers.size;
		return 0;
	}
	if (data_take(&parts->data, object) < 0)
		return -1;
	parts->buffer =
		(struct csock_buffer){(void *)(uintptr_t)parts->data.bytes, parts->data.size};
	message->buffers = &parts->buffer;
	message->count = 1;
	*size += parts->data.size;
	return 0;
}

/* An address object that several messages in a row have is converted once. */
static int take_address(struct socket_object *self, struct outgoing_batch *batch, PyObject *object)
{
	struct csock_outgoing *message = &batch->messages[batch->count];
	struct parts *parts = &batch->parts[batch->count];

	if (object == Py_None)
		return 0;
	if (object == batch->address) {
		message->to = message[-1].to;
	} else if (address_from_python(self->state, &self->sock, "sendmmsg", object, &parts->to) ==
		   0) {
		message->to = &parts->to;
	} else {
		error_name_address(object);
		return -1;
	}
	return 0;
}

/* Takes the message at batch->count. Its parts are released even if it fails. */
static int take_message(struct socket_object *self, struct outgoing_batch *batch, PyObject *object)
{
	struct csock_outgoing *message = &batch->messages[batch->count];
	struct parts *parts = &batch->parts[batch->count];
	Py_ssize_t items = PyTuple_Check(object) ? PyTuple_GET_SIZE(object) : 0;
	PyObject *data = items > 0 ? PyTuple_GET_ITEM(object, 0) : object;
	PyObject *ancillary = items > 2 ? PyTuple_GET_ITEM(object, 1) : NULL;
	PyObject *address = items > 1 ? PyTuple_GET_ITEM(object, items - 1) : Py_None;

	if (items == 1 || items > 3 || (items == 0 && !PyObject_CheckBuffer(object))) {
		PyErr_Format(PyExc_TypeError,
			     "sendmmsg() takes messages that are bytes-like objects, (data, "
			     "address) or (data, ancdata, address), not %R",
			     object);
		return -1;
	}
	*message = (struct csock_outgoing){0};
	if (take_address(self, batch, address) < 0 ||
	    PySys_Audit("socket.sendmsg", "OO", self, address) < 0)
		return -1;
	if (take_data(message, parts, data, &batch->size) < 0 ||
	    ancillary_take(&parts->ancillary, "ancdata of sendmmsg()", ancillary) < 0)
		return -1;
	message->control = parts->ancillary.data;
	message->control_size = parts->ancillary.size;
	batch->address = message->to ? address : NULL;
	if (batch->count == 0)
		batch->first_address = batch->address;
	return 0;
}

static int take_messages(struct socket_object *self, struct outgoing_batch *batch)
{
	size_t count = (size_t)PyTuple_GET_SIZE(batch->objects);

	batch->messages = PyMem_New(struct csock_outgoing, count);
	batch->parts = PyMem_Calloc(count, sizeof *batch->parts);
	if (!batch->messages || !batch->parts) {
		PyErr_NoMemory();
		return -1;
	}
	for (; batch->count < count; batch->count++)
		if (take_message(self, batch,
				 PyTuple_GET_ITEM(batch->objects, (Py_ssize_t)batch->count)) < 0)
			return -1;
	return 0;
}

static void release_messages(struct outgoing_batch *batch)
{
	size_t count = batch->parts ? (size_t)PyTuple_GET_SIZE(batch->objects) : 0;

	for (size_t i = 0; i < count && i <= batch->count; i++) {
		data_release(&batch->parts[i].data);
		buffers_release(&batch->parts[i].buffers);
		ancillary_release(&batch->parts[i].ancillary);
	}
	PyMem_Free(batch->parts);
	PyMem_Free(batch->messages);
	Py_DECREF(batch->objects);
}

struct sendmmsg_call {
	const struct csock_outgoing *messages;
	size_t count;
	int flags;
	size_t sent;
	bool waits; /* the socket waits until all is sent */
};

/* The result is the number of messages sent, even if the call ends early: see send(). */
static ssize_t call_sendmmsg(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct sendmmsg_call *call = arguments;
	ssize_t n = csock_sendmmsg(sock, call->messages + call->sent, call->count - call->sent,
				   call_flags(call->flags, deadline), deadline);

	if (n < 0)
		return call->sent > 0 ? (ssize_t)call->sent : n;
	call->sent += (size_t)n;
	if (call->waits && deadline == CSOCK_NOW && call->sent < call->count)
		return csock_status_make(CSOCK_WOULD_WAIT, 0);
	return (ssize_t)call->sent;
}

static PyObject *send_batch(struct socket_object *self, const struct outgoing_batch *batch,
			    int flags)
{
	struct sendmmsg_call call = {
		.messages = batch->messages,
		.count = batch->count,
		.flags = flags,
		.waits = sock_timeout(self) != 0,
	};
	enum call_mode mode =
		batch->count <= TRY_MESSAGES_MAX ? send_mode(batch->size) : CALL_SEND_MUCH;
	ssize_t sent = sock_call(self, mode, call_sendmmsg, &call);

	return sent < 0 ? raise_status_for(self->state, sent, batch->first_address)
			: PyLong_FromSsize_t(sent);
}

PyObject *sock_sendmmsg(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	static const char *const parameters[] = {"messages", "flags", NULL};
	static const struct signature signature = {"sendmmsg", parameters, 1, 2};
	struct socket_object *self = as_socket(object);
	struct outgoing_batch batch = {0};
	PyObject *values[2], *sent = NULL;
	int flags = 0;

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    optional_int(values[1], &flags) < 0)
		return NULL;
	/* Copies the list: locking a buffer may run Python code, which could change it. */
	batch.objects = PySequence_Tuple(values[0]);
	if (!batch.objects)
		return NULL;
	if (take_messages(self, &batch) == 0)
		sent = send_batch(self, &batch, flags);
	release_messages(&batch);
	return sent;
}

/* Messages to receive. */
struct incoming_batch {
	struct csock_incoming *messages; /* the beginning of the room */
	size_t count;
	int flags;
	size_t room_size;
};

static ssize_t call_recvmmsg(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	const struct incoming_batch *batch = arguments;

	return csock_recvmmsg(sock, batch->messages, batch->count,
			      call_flags(batch->flags, deadline), deadline);
}

/*
 * Takes memory for batch->count messages, each with room for ancillary data and size bytes more.
 * Returns where the latter begin, or NULL with an exception.
 */
static char *take_room(struct socket_object *self, const char *method, struct incoming_batch *batch,
		       Py_ssize_t ancillary, size_t size)
{
	/* Ancillary data must be aligned. */
	size_t stride = ((size_t)ancillary + sizeof(size_t) - 1) / sizeof(size_t) * sizeof(size_t);
	size_t each = sizeof *batch->messages + stride + size;

	if (__builtin_mul_overflow(each, batch->count, &batch->room_size) ||
	    batch->room_size > PY_SSIZE_T_MAX) {
		PyErr_Format(PyExc_ValueError, "%s: %zu messages of %zu bytes are too much", method,
			     batch->count, each);
		return NULL;
	}
	char *room = scratch_take(&self->state->reuse, batch->room_size);
	if (!room) {
		PyErr_NoMemory();
		return NULL;
	}
	batch->messages = (struct csock_incoming *)room;
	char *ancillary_room = room + batch->count * sizeof *batch->messages;
	for (size_t i = 0; i < batch->count; i++) {
		struct csock_received *received = &batch->messages[i].received;
		received->control = ancillary > 0 ? ancillary_room + i * stride : NULL;
		received->control_size = (size_t)ancillary;
	}
	return ancillary_room + batch->count * stride;
}

/* The object that represents the data of the ith message. */
typedef PyObject *(*data_conversion)(struct module_state *state, size_t i,
				     const struct csock_incoming *message);

static PyObject *data_as_bytes(struct module_state *state, size_t i,
			       const struct csock_incoming *message)
{
	/* With MSG_TRUNC the kernel may return a length that is more than it wrote. */
	size_t room = message->buffers->size;
	size_t size = message->length < room ? message->length : room;

	return bytes_fill(bytes_room_for_datagram(&state->reuse, i, (Py_ssize_t)size),
			  message->buffers->data, size);
}

static PyObject *data_as_length(struct module_state *state, size_t i,
				const struct csock_incoming *message)
{
	(void)i;
	return int_of_size(&state->reuse, (Py_ssize_t)message->length);
}

/* (data or its length, ancdata, flags, address) */
static PyObject *message_to_python(struct socket_object *self, size_t i,
				   const struct csock_incoming *message, data_conversion convert)
{
	const struct csock_received *received = &message->received;
	PyObject *data = convert(self->state, i, message);
	PyObject *ancillary = data ? ancillary_to_python(received) : NULL;
	PyObject *flags = ancillary ? PyLong_FromLong(received->flags) : NULL;
	PyObject *address =
		flags ? address_to_python(self->state, &received->from, &self->sock) : NULL;

	return tuple_of(data, ancillary, flags, address);
}

static PyObject *messages_to_python(struct socket_object *self,
				    const struct csock_incoming *messages, Py_ssize_t count,
				    data_conversion convert)
{
	PyObject *list = PyList_New(count);

	for (Py_ssize_t i = 0; list && i < count; i++) {
		PyObject *message = message_to_python(self, (size_t)i, &messages[i], convert);
		if (message)
			PyList_SET_ITEM(list, i, message);
		else
			Py_CLEAR(list);
	}
	return list;
}

/* Receives at most size bytes, and gives back the room. */
static PyObject *receive_batch(struct socket_object *self, struct incoming_batch *batch,
			       size_t size, data_conversion convert)
{
	PyObject *list = NULL;
	enum call_mode mode =
		batch->count <= TRY_MESSAGES_MAX ? receive_mode(size) : CALL_RECEIVE_MUCH;
	ssize_t count = sock_call(self, mode, call_recvmmsg, batch);

	if (count < 0)
		raise_status(self->state, count);
	else
		list = messages_to_python(self, batch->messages, count, convert);
	for (ssize_t i = 0; !list && i < count; i++)
		ancillary_close_rights(&batch->messages[i].received);
	scratch_give(&self->state->reuse, (char *)batch->messages, batch->room_size);
	return list;
}

PyObject *sock_recvmmsg(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	static const char *const parameters[] = {"n", "bufsize", "flags", "ancbufsize", NULL};
	static const struct signature signature = {"recvmmsg", parameters, 2, 3};
	struct socket_object *self = as_socket(object);
	struct incoming_batch batch = {0};
	Py_ssize_t n, size, ancillary = 0;
	PyObject *values[4];

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    argument_size(values[0], &n) < 0 || argument_size(values[1], &size) < 0 ||
	    optional_int(values[2], &batch.flags) < 0 || optional_size(values[3], &ancillary) < 0 ||
	    ancillary_check_room(ancillary) < 0)
		return NULL;
	if (n < 1)
		return PyErr_Format(PyExc_ValueError, "recvmmsg: n must be at least 1, not %zd", n);
	if (size < 0)
		return PyErr_Format(PyExc_ValueError, "negative buffer size in recvmmsg(): %zd",
				    size);
	batch.count = (size_t)n;
	char *rest = take_room(self, "recvmmsg", &batch, ancillary,
			       sizeof(struct csock_buffer) + (size_t)size);
	if (!rest)
		return NULL;
	struct csock_buffer *buffers = (struct csock_buffer *)rest;
	char *data = (char *)(buffers + n);
	bytes_prepare(data, (size_t)n * (size_t)size, batch.flags);
	for (Py_ssize_t i = 0; i < n; i++) {
		buffers[i] = (struct csock_buffer){data + i * size, (size_t)size};
		batch.messages[i].buffers = &buffers[i];
		batch.messages[i].count = 1;
	}
	return receive_batch(self, &batch, (size_t)n * (size_t)size, data_as_bytes);
}

static PyObject *receive_into(struct socket_object *self, const struct buffers *buffers, int flags,
			      Py_ssize_t ancillary)
{
	struct incoming_batch batch = {.count = buffers->count, .flags = flags};

	if (!take_room(self, "recvmmsg_into", &batch, ancillary, 0))
		return NULL;
	for (size_t i = 0; i < batch.count; i++) {
		batch.messages[i].buffers = &buffers->items[i];
		batch.messages[i].count = 1;
	}
	return receive_batch(self, &batch, buffers->size, data_as_length);
}

PyObject *sock_recvmmsg_into(PyObject *object, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	static const char *const parameters[] = {"buffers", "flags", "ancbufsize", NULL};
	static const struct signature signature = {"recvmmsg_into", parameters, 1, 2};
	Py_ssize_t ancillary = 0;
	struct buffers buffers;
	PyObject *values[3];
	int flags = 0;

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    optional_int(values[1], &flags) < 0 || optional_size(values[2], &ancillary) < 0 ||
	    ancillary_check_room(ancillary) < 0 ||
	    buffers_take(&buffers, NULL, "recvmmsg_into() argument 1", values[0], PyBUF_WRITABLE) <
		    0)
		return NULL;
	PyObject *list = receive_into(as_socket(object), &buffers, flags, ancillary);
	buffers_release(&buffers);
	return list;
}
