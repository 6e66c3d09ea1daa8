/*
 * Binding, listening, connecting and accepting; and the names of both ends.
 */
#include "convert/address.h"
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/handles.h"
#include "convert/objects.h"
#include "inlining.h"
#include "published.h"
#include "reuse/tuples.h"
#include "socket/any_method.h"
#include "socket/call.h"
#include "socket/handover.h"
#include "socket/methods.h"

#include <errno.h>

/* The default backlog of listen() is the system's own limit, but at most this. */
#define BACKLOG_DEFAULT 128

static PyObject *name_to_python(struct socket_object *self, int status,
				const struct csock_addr *addr)
{
	if (status < 0)
		return raise_status(self->state, status);
	return address_to_python(self->state, addr, &self->sock);
}

UNGUARDED PyObject *sock_getsockname(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);
	struct csock_addr addr;
	int status = csock_getsockname(&self->sock, &addr);

	(void)ignored;
	return name_to_python(self, status, &addr);
}

UNGUARDED PyObject *sock_getpeername(PyObject *object, PyObject *ignored)
{
	struct socket_object *self = as_socket(object);
	struct csock_addr addr;
	int status = csock_getpeername(&self->sock, &addr);

	(void)ignored;
	return name_to_python(self, status, &addr);
}

/* Converts the address that a method was given, and raises the audit event. */
static int take_address(struct socket_object *self, const char *method, const char *event,
			PyObject *object, struct csock_addr *addr)
{
	if (address_from_python(self->state, &self->sock, method, object, addr) < 0) {
		error_name_address(object);
		return -1;
	}
	return PySys_Audit(event, "OO", self, object);
}

PyObject *sock_bind(PyObject *object, PyObject *address)
{
	struct socket_object *self = as_socket(object);
	struct csock_addr addr;
	int status;

	if (take_address(self, "bind", "socket.bind", address, &addr) < 0)
		return NULL;
	Py_BEGIN_ALLOW_THREADS
	status = csock_bind(&self->sock, &addr);
	Py_END_ALLOW_THREADS
	if (status < 0)
		return raise_status_for(self->state, status, address);
	Py_RETURN_NONE;
}

PyObject *sock_listen(PyObject *object, PyObject *const *args, Py_ssize_t count)
{
	struct socket_object *self = as_socket(object);
	int backlog = SOMAXCONN < BACKLOG_DEFAULT ? SOMAXCONN : BACKLOG_DEFAULT;

	if (arguments_check("listen", count, 0, 1) < 0 ||
	    optional_int(count > 0 ? args[0] : NULL, &backlog) < 0)
		return NULL;
	return none_or_raise(self->state, csock_listen(&self->sock, backlog < 0 ? 0 : backlog));
}

PyObject *sock_shutdown(PyObject *object, PyObject *how)
{
	struct socket_object *self = as_socket(object);
	int which;

	if (argument_int(how, &which) < 0)
		return NULL;
	return none_or_raise(self->state, csock_shutdown(&self->sock, which));
}

static ssize_t call_connect(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	return csock_connect(sock, arguments, deadline);
}

/* Connects. The status may be CALL_RAISED. */
static ssize_t connect_to(struct socket_object *self, const char *method, PyObject *address)
{
	struct csock_addr addr;

	if (take_address(self, method, "socket.connect", address, &addr) < 0)
		return CALL_RAISED;
	/* Not tried first: a try would only begin to connect, and a second call would wait. */
	return sock_call(self, CALL_WAIT, call_connect, &addr);
}

IN_ONE_PIECE PyObject *sock_connect(PyObject *object, PyObject *address)
{
	struct socket_object *self = as_socket(object);
	ssize_t status = connect_to(self, "connect", address);

	if (status < 0)
		return raise_status_for(self->state, status, address);
	Py_RETURN_NONE;
}

PyObject *sock_connect_ex(PyObject *object, PyObject *address)
{
	struct socket_object *self = as_socket(object);
	ssize_t status = connect_to(self, "connect_ex", address);

	if (status == CALL_RAISED)
		return NULL;
	switch (csock_status_domain(status)) {
	case CSOCK_SUCCESS:
		return PyLong_FromLong(0);
	case CSOCK_SYSTEM:
		return PyLong_FromLong(csock_status_code(status));
	case CSOCK_TIMEOUT:
		/* The errno for a timeout since Python first had timeouts. */
		return PyLong_FromLong(system_code(EAGAIN));
	default:
		return raise_status(self->state, status);
	}
}

struct accept_call {
	struct csock_socket connection;
	struct csock_addr peer;
};

UNGUARDED static ssize_t call_accept(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct accept_call *call = arguments;

	return csock_accept(sock, &call->connection, &call->peer, 0, deadline);
}

static int accept_connection(struct socket_object *self, struct accept_call *call)
{
	call->connection = (struct csock_socket)CSOCK_SOCKET_INIT;
	ssize_t status = sock_call(self, CALL_ACCEPT, call_accept, call);
	if (status >= 0)
		return 0;
	raise_status(self->state, status);
	return -1;
}

PyObject *sock_accept_raw(PyObject *object, PyObject *ignored)
{
	struct accept_call call;

	(void)ignored;
	if (accept_connection(as_socket(object), &call) < 0)
		return NULL;
	PyObject *peer =
		address_to_python_uncached(as_socket(object)->state, &call.peer, &call.connection);
	if (!peer) {
		(void)call_close(&call.connection);
		return NULL;
	}
	PyObject *pair = Py_BuildValue("(NN)", handle_to_python(csock_fd(&call.connection)), peer);
	if (pair)
		(void)csock_detach(&call.connection);
	else
		(void)call_close(&call.connection);
	return pair;
}

/* The usual case, a plain socket: csocket knows the connection's family, type and protocol. */
static PyObject *accept_plain(struct socket_object *self)
{
	struct accept_call call;

	if (accept_connection(self, &call) < 0)
		return NULL;
	PyObject *peer = address_to_python_uncached(self->state, &call.peer, &call.connection);
	if (!peer) {
		(void)call_close(&call.connection);
		return NULL;
	}
	return tuple_of(sock_wrap(self->state, self->state->socket_type, &call.connection,
				  call.connection.type),
			peer);
}

static int has_timeout(PyObject *sock)
{
	PyObject *timeout = method_call("gettimeout", sock);
	int truth = timeout ? PyObject_IsTrue(timeout) : -1;

	Py_XDECREF(timeout);
	return truth;
}

/*
 * If there is no default timeout and the listener has one, sets the new socket to blocking mode: it
 * may have inherited the listener's non-blocking mode. 0, or -1 with an exception.
 */
static int set_mode(struct module_state *state, PyObject *listener, PyObject *connection)
{
	PyObject *timeout = published_call(state, "getdefaulttimeout", PyTuple_New(0));
	int must_block = timeout == Py_None ? has_timeout(listener) : 0;

	if (!timeout || must_block < 0)
		must_block = -1;
	Py_XDECREF(timeout);
	return must_block > 0 ? method_do(connection, "setblocking", Py_BuildValue("(O)", Py_True))
			      : must_block;
}

/* A socket around the result of the object's _accept(). Steals fileno. */
static PyObject *wrap_accepted(struct module_state *state, PyObject *self, PyObject *fileno)
{
	static const struct own_method own_accept = {"_accept", AS_OWN(sock_accept_raw)};
	PyObject *type = published_as(state, state->names.socket);

	/* The _accept() of a subclass may return a descriptor that has another owner. */
	bool is_lent = !type_has_own(Py_TYPE(self), &own_accept);
	return handover_like(is_lent ? NULL : state, fileno, type, self);
}

/* Uses attributes: any object may be the listener, and a program may have replaced socket. */
static PyObject *accept_any(struct module_state *state, PyObject *self)
{
	PyObject *answer = PyObject_CallMethodNoArgs(self, state->names._accept);
	PyObject *parts = answer ? unpack(answer, 2) : NULL;

	Py_XDECREF(answer);
	if (!parts)
		return NULL;
	PyObject *peer = Py_NewRef(PyTuple_GET_ITEM(parts, 1));
	PyObject *sock = wrap_accepted(state, self, Py_NewRef(PyTuple_GET_ITEM(parts, 0)));
	Py_DECREF(parts);
	if (sock && set_mode(state, self, sock) < 0) {
		close_raised(sock);
		sock = NULL;
	}
	return tuple_of(sock, peer);
}

IN_ONE_PIECE ANY_METHOD(sock_accept)
{
	(void)args;
	(void)count;
	(void)names;
	return LIKELY(sock_is_plain(state, self) && sock_type_stands(state))
		       ? accept_plain(as_socket(self))
		       : accept_any(state, self);
}
