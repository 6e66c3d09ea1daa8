/*
 * send, sendall and sendto.
 */
#include "convert/address.h"
#include "convert/arguments.h"
#include "convert/errors.h"
#include "reuse/ints.h"
#include "socket/call.h"
#include "socket/methods.h"

#include <stdbool.h>

struct send_call {
	const char *data;
	size_t size;
	int flags;
	const struct csock_addr *to; /* NULL if connected */
	size_t sent;
	bool whole; /* a blocking socket: only a signal or a failure may cut the data short */
};

/*
 * Sends. On a blocking socket, a try that could not send everything is followed by a wait, as the
 * kernel would have waited. If a signal or a failure comes between, the result is what was sent by
 * then.
 */
static ssize_t call_send(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct send_call *call = arguments;
	ssize_t n = csock_sendto(sock, call->data + call->sent, call->size - call->sent,
				 call_flags(call->flags, deadline), call->to, deadline);

	if (n >= 0)
		call->sent += (size_t)n;
	bool goes_on = call->whole && deadline == CSOCK_NOW && call->sent < call->size;
	if (n < 0)
		return call->sent > 0 && !goes_on ? (ssize_t)call->sent : n;
	return goes_on ? csock_status_make(CSOCK_WOULD_WAIT, 0) : (ssize_t)call->sent;
}

/* Sends the data to an address or (NULL) the peer: the number of bytes, or a failed status. */
static inline ssize_t send_data(struct socket_object *self, const struct data *data, int flags,
				const struct csock_addr *to)
{
	struct send_call call = {
		.data = data->bytes,
		.size = data->size,
		.flags = flags,
		.to = to,
		.whole = sock_timeout(self) < 0,
	};
	return sock_call(self, send_mode(call.size), call_send, &call);
}

/* The data and flags that send() and sendall() take. data is taken on success. */
static inline int take_data(const char *method, PyObject *const *args, Py_ssize_t count,
			    struct data *data, int *flags)
{
	if (arguments_check(method, count, 1, 2) < 0 || data_take(data, args[0]) < 0)
		return -1;
	if (optional_int(count > 1 ? args[1] : NULL, flags) == 0)
		return 0;
	data_release(data);
	return -1;
}

IN_ONE_PIECE PyObject *sock_send(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	struct data data;
	int flags = 0;

	if (take_data("send", args, count, &data, &flags) < 0)
		return NULL;
	ssize_t sent = send_data(as_socket(self), &data, flags, NULL);
	data_release(&data);
	return sent < 0 ? raise_status(as_socket(self)->state, sent)
			: int_of_size(&as_socket(self)->state->reuse, sent);
}

static ssize_t call_send_all(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct send_call *call = arguments;

	return csock_send_all(sock, call->data, call->size, call_flags(call->flags, deadline),
			      &call->sent, deadline);
}

IN_ONE_PIECE PyObject *sock_sendall(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
	struct socket_object *self = as_socket(object);
	struct send_call call = {0};
	struct data data;

	if (take_data("sendall", args, count, &data, &call.flags) < 0)
		return NULL;
	call.data = data.bytes;
	call.size = data.size;
	ssize_t status = sock_call(self, send_mode(call.size), call_send_all, &call);
	data_release(&data);
	return none_or_raise(self->state, status);
}

static PyObject *send_to(struct socket_object *self, const struct data *data, int flags,
			 PyObject *address)
{
	struct csock_addr to;

	if (address_from_python(self->state, &self->sock, "sendto", address, &to) < 0) {
		error_name_address(address);
		return NULL;
	}
	if (PySys_Audit("socket.sendto", "OO", self, address) < 0)
		return NULL;
	ssize_t sent = send_data(self, data, flags, &to);
	return sent < 0 ? raise_status_for(self->state, sent, address)
			: int_of_size(&self->state->reuse, sent);
}

IN_ONE_PIECE PyObject *sock_sendto(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
	PyObject *sent = NULL;
	struct data data;
	int flags = 0;

	if (count < 2 || count > 3) {
		PyErr_Format(PyExc_TypeError, "sendto() takes 2 or 3 arguments (%zd given)", count);
		return NULL;
	}
	if (data_take(&data, args[0]) < 0)
		return NULL;
	if (optional_int(count > 2 ? args[1] : NULL, &flags) == 0)
		sent = send_to(as_socket(self), &data, flags, args[count - 1]);
	data_release(&data);
	return sent;
}
