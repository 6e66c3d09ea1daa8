/*
 * recv, recvfrom, recv_into and recvfrom_into.
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

#include <string.h>

struct recv_call {
	void *buffer;
	size_t size;
	int flags;
	struct csock_addr *from; /* NULL if not needed */
};

static ssize_t call_recv(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	const struct recv_call *call = arguments;

	if (call->from)
		return csock_recvfrom(sock, call->buffer, call->size,
				      call_flags(call->flags, deadline), call->from, deadline);
	return csock_recv(sock, call->buffer, call->size, call_flags(call->flags, deadline),
			  deadline);
}

static inline ssize_t perform_recv(struct socket_object *self, enum call_mode mode,
				   struct recv_call *call)
{
	/* Without room for a byte, only the sender's address is a reason to call. */
	if (UNLIKELY(call->size == 0) && !call->from)
		return 0;
	return sock_call(self, mode, call_recv, call);
}

/* The size and flags that recv() and recvfrom() take. */
static inline int take_size(const char *method, PyObject *const *args, Py_ssize_t count,
			    Py_ssize_t *size, int *flags)
{
	if (arguments_check(method, count, 1, 2) < 0 || argument_size(args[0], size) < 0 ||
	    optional_int(count > 1 ? args[1] : NULL, flags) < 0)
		return -1;
	if (*size >= 0)
		return 0;
	PyErr_Format(PyExc_ValueError, "negative buffersize in %s", method);
	error_note("given %zd", *size);
	return -1;
}

/* Receives into a bytes object of the size that was asked for. */
static inline PyObject *receive_directly(struct socket_object *self, Py_ssize_t size, int flags,
					 struct csock_addr *from)
{
	PyObject *room = bytes_room(&self->state->reuse, size);

	if (!room)
		return NULL;
	bytes_prepare(PyBytes_AS_STRING(room), (size_t)size, flags);
	struct recv_call call = {PyBytes_AS_STRING(room), (size_t)size, flags, from};
	ssize_t length = perform_recv(self, receive_mode(call.size), &call);
	if (UNLIKELY(length < 0)) {
		Py_DECREF(room);
		return raise_status(self->state, length);
	}
	RELAXED_STORE(&self->last_received, length < INT_MAX ? (int)length : INT_MAX);
	return bytes_received(&self->state->reuse, room, size, length);
}

/*
 * Receives into scratch memory, and copies into a bytes object of the right size. Allocating a
 * large object and shrinking it would cost more than the system call. Mostly little arrives, so
 * this is tried with the GIL held whatever the size.
 */
IN_ONE_PIECE APART static PyObject *receive_by_scratch(struct socket_object *self, Py_ssize_t size,
						       struct csock_addr *from)
{
	char *scratch = scratch_take(&self->state->reuse, (size_t)size);

	if (!scratch)
		return receive_directly(self, size, 0, from);
	struct recv_call call = {scratch, (size_t)size, 0, from};
	ssize_t length = perform_recv(self, CALL_RECEIVE, &call);
	PyObject *bytes = length < 0 ? raise_status(self->state, length)
				     : bytes_fill(bytes_room(&self->state->reuse, length), scratch,
						  (size_t)length);
	if (length >= 0)
		RELAXED_STORE(&self->last_received, (int)length);
	scratch_give(&self->state->reuse, scratch, (size_t)size);
	return bytes;
}

/*
 * Whether to receive into scratch memory: the size is large, and last time much less arrived. Not
 * with flags: for MSG_TRUNC the kernel returns a size that it has not written.
 */
static inline bool prefers_scratch(const struct socket_object *self, Py_ssize_t size, int flags)
{
	return size > SCRATCH_WORTHWHILE && size <= SCRATCH_SIZE && flags == 0 &&
	       size / 2 > RELAXED_LOAD(&self->last_received);
}

static inline PyObject *receive_bytes(struct socket_object *self, Py_ssize_t size, int flags,
				      struct csock_addr *from)
{
	if (prefers_scratch(self, size, flags))
		return receive_by_scratch(self, size, from);
	return receive_directly(self, size, flags, from);
}

IN_ONE_PIECE PyObject *sock_recv(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	Py_ssize_t size;
	int flags = 0;

	if (take_size("recv", args, count, &size, &flags) < 0)
		return NULL;
	return receive_bytes(as_socket(self), size, flags, NULL);
}

IN_ONE_PIECE PyObject *sock_recvfrom(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
	struct socket_object *self = as_socket(object);
	struct csock_addr from;
	Py_ssize_t size;
	int flags = 0;

	if (take_size("recvfrom", args, count, &size, &flags) < 0)
		return NULL;
	PyObject *bytes = receive_bytes(self, size, flags, &from);
	PyObject *address = bytes ? address_to_python(self->state, &from, &self->sock) : NULL;
	return tuple_kept(&self->state->reuse, bytes, address);
}

IN_ONE_PIECE PyObject *sock_recv_into(PyObject *self, PyObject *const *args, Py_ssize_t count,
				      PyObject *names)
{
	static const struct receive_buffer_texts texts = {"recv_into",
							  "buffer too small for requested bytes"};
	struct receive_buffer target;

	if (receive_buffer_take(&target, &texts, args, count, names) < 0)
		return NULL;
	struct recv_call call = {
		.buffer = target.bytes, .size = target.size, .flags = target.flags};
	ssize_t length = perform_recv(as_socket(self), receive_mode(call.size), &call);
	receive_buffer_release(&target);
	if (length < 0)
		return raise_status(as_socket(self)->state, length);
	return int_of_size(&as_socket(self)->state->reuse, length);
}

PyObject *sock_recvfrom_into(PyObject *self, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	static const struct receive_buffer_texts texts = {
		"recvfrom_into", "nbytes is greater than the length of the buffer"};
	struct csock_addr from;
	struct receive_buffer target;

	if (receive_buffer_take(&target, &texts, args, count, names) < 0)
		return NULL;
	struct recv_call call = {
		.buffer = target.bytes, .size = target.size, .flags = target.flags, .from = &from};
	ssize_t length = perform_recv(as_socket(self), receive_mode(call.size), &call);
	receive_buffer_release(&target);
	if (length < 0)
		return raise_status(as_socket(self)->state, length);
	PyObject *address =
		address_to_python(as_socket(self)->state, &from, &as_socket(self)->sock);
	return tuple_kept(&as_socket(self)->state->reuse,
			  int_of_size(&as_socket(self)->state->reuse, length), address);
}
