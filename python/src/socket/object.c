/*
 * The socket object: how it is made, wrapped around a descriptor, and collected.
 */
#include "socket/object.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/handles.h"
#include "convert/objects.h"
#include "gil/release.h"
#include "names/enums.h"
#include "reuse/sockets.h"
#include "socket/handover.h"
#include "socket/methods.h"
#include "socket/system.h"

void sock_mirror(struct socket_object *self)
{
	RELAXED_STORE(&self->fd, sock_fd(self));
	RELAXED_STORE(&self->family, RELAXED_LOAD(&self->sock.family));
	RELAXED_STORE(&self->type, RELAXED_LOAD(&self->sock.type));
	RELAXED_STORE(&self->protocol, RELAXED_LOAD(&self->sock.protocol));
}

/* The values of a new object, without its header. */
static const struct socket_object closed_socket = {
	.fd = CSOCK_NO_HANDLE,
	.errorhandler = system_raise_last,
	.timeout = -1,
	.sock = CSOCK_SOCKET_INIT,
};

/* Makes an object of one of this module's socket types, or of a subclass. */
static inline PyObject *make(struct module_state *state, PyTypeObject *type)
{
	const size_t head = offsetof(struct socket_object, fd);
	PyObject *object =
		type == state->socket_type ? socket_memory_take(&state->reuse, type) : NULL;

	if (!object)
		object = type->tp_alloc(type, 0);
	if (!object)
		return NULL;
	memcpy((char *)object + head, (const char *)&closed_socket + head,
	       sizeof closed_socket - head);
	/* A reference to the type is not enough: a garbage cycle may clear the type first. */
	Py_INCREF(state->module);
	as_socket(object)->state = state;
	return object;
}

PyObject *sock_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
	struct module_state *state = module_state_of_type(type);

	(void)args;
	(void)kwargs;
	return state ? make(state, type) : NULL;
}

bool sock_opens_promptly(const struct module_state *state, int family, int protocol)
{
	const struct csock_family *row = csock_family_find(family, protocol);

	return row && row->opens_and_closes_at_once && !RELAXED_LOAD(&state->gil.never_kept);
}

static int open_new(struct socket_object *self, int family, int type, int protocol)
{
	int status;

	if (sock_opens_promptly(self->state, family, protocol))
		return csock_open(&self->sock, family, type, protocol);
	Py_BEGIN_ALLOW_THREADS
	status = csock_open(&self->sock, family, type, protocol);
	Py_END_ALLOW_THREADS
	return status;
}

/* Checks the fileno that the constructor was given: 0, or -1 with an exception. */
static int take_descriptor(PyObject *fileno, csock_handle *fd)
{
	if (argument_handle(fileno, fd) < 0)
		return -1;
	if (!handle_is_negative(*fd))
		return 0;
	PyErr_SetString(PyExc_ValueError, "negative file descriptor");
	error_note("given %R", fileno);
	return -1;
}

/* Sets the first timeout of a new socket, and the mode that goes with it. */
static int set_first_timeout(struct socket_object *self)
{
	int64_t timeout = RELAXED_LOAD(&self->state->default_timeout);
	bool is_nonblocking = csock_is_nonblocking(&self->sock);

	RELAXED_STORE(&self->timeout, is_nonblocking ? 0 : -1);
	return is_nonblocking || timeout < 0 ? 0 : sock_set_timeout(self, timeout);
}

static int finish_init(struct socket_object *self)
{
	RELAXED_STORE(&self->io_refs, 0);
	RELAXED_STORE(&self->closed, false);
	sock_mirror(self);
	return set_first_timeout(self);
}

static void set_defaults(int *family, int *type, int *protocol)
{
	*family = *family == CSOCK_ASK ? AF_INET : *family;
	*type = *type == CSOCK_ASK ? SOCK_STREAM : *type;
	*protocol = *protocol == CSOCK_ASK ? 0 : *protocol;
}

/* The arguments of socket(), each of which may be left out: 0, or -1 with an exception. */
static int take_kind(PyObject *args, PyObject *kwargs, int *family, int *type, int *protocol,
		     PyObject **fileno)
{
	static char *names[] = {"family", "type", "proto", "fileno", NULL};
	int *const numbers[] = {family, type, protocol};
	Py_ssize_t count = PyTuple_GET_SIZE(args);

	if (kwargs || count > 3)
		return PyArg_ParseTupleAndKeywords(args, kwargs, "|iiiO:socket", names, family,
						   type, protocol, fileno)
			       ? 0
			       : -1;
	for (Py_ssize_t i = 0; i < count; i++)
		if (argument_int(PyTuple_GET_ITEM(args, i), numbers[i]) < 0)
			return -1;
	return 0;
}

/* Whether the object has a descriptor already, maybe from another thread's __init__. */
static bool is_open_already(int status)
{
	return csock_status_is(status, EBUSY);
}

/*
 * Opens a socket if fd is CSOCK_NO_HANDLE, and otherwise adopts fd. A second __init__ closes the
 * first one's descriptor, so that it does not leak. If the second one fails, the socket keeps the
 * first descriptor.
 */
APART static int open_again(struct socket_object *self, int family, int type, int protocol,
			    csock_handle fd)
{
	for (;;) {
		int status = fd == CSOCK_NO_HANDLE
				     ? open_new(self, family, type, protocol)
				     : csock_adopt(&self->sock, fd, family, type, protocol);
		if (status >= 0 || !is_open_already(status))
			return status;
		if (fd != CSOCK_NO_HANDLE && fd == sock_fd(self))
			(void)csock_detach(&self->sock);
		else
			(void)call_close(&self->sock);
	}
}

/* Raises the exception for a socket that could not be opened: always -1. */
ASIDE static int raise_for_closed(struct socket_object *self, int status)
{
	sock_mirror(self);
	raise_status(self->state, status);
	return -1;
}

/*
 * Ends __init__ for an open socket: 0, or -1 with an exception and the socket closed. given is the
 * descriptor from the caller, or CSOCK_NO_HANDLE.
 */
static int finish(struct socket_object *self, csock_handle given)
{
	if (finish_init(self) == 0 &&
	    (given == CSOCK_NO_HANDLE || handover_taken(self->state, given) == 0))
		return 0;
	/* A descriptor from the caller stays the caller's; a new one has no other owner. */
	if (given == CSOCK_NO_HANDLE)
		(void)call_close(&self->sock);
	else
		(void)csock_detach(&self->sock);
	sock_mirror(self);
	return -1;
}

/*
 * Does what __init__ in socket.py does, for subclasses: they may have attributes of these names. If
 * this raises, the object has the descriptor already.
 */
static int set_attributes(PyObject *object, struct module_state *state)
{
	if (Py_IS_TYPE(object, state->socket_type) ||
	    !PyObject_TypeCheck(object, state->socket_type))
		return 0;
	PyObject *zero = PyLong_FromLong(0);
	int result = zero ? PyObject_SetAttr(object, state->names._io_refs, zero) : -1;
	Py_XDECREF(zero);
	return result < 0 ? -1 : PyObject_SetAttr(object, state->names._closed, Py_False);
}

static int audit(PyObject *object, int family, int type, int protocol)
{
	return PySys_Audit("socket.__new__", "Oiii", object, family, type, protocol);
}

static int initialize(PyObject *object, int family, int type, int protocol, PyObject *fileno)
{
	struct socket_object *self = as_socket(object);
	csock_handle fd = CSOCK_NO_HANDLE;

	int shared = share_open(self, fileno);
	if (shared < 0)
		return -1;
	if (shared > 0)
		return finish(self, CSOCK_NO_HANDLE) < 0 ? -1 : set_attributes(object, self->state);
	/* The audit event of the base type shows the given arguments, as stock's does. */
	if (fileno == Py_None && PyObject_TypeCheck(object, self->state->socket_type))
		set_defaults(&family, &type, &protocol);
	if ((fileno == Py_None || system_audits_handles) &&
	    audit(object, family, type, protocol) < 0)
		return -1;
	if (fileno == Py_None)
		set_defaults(&family, &type, &protocol);
	else if (take_descriptor(fileno, &fd) < 0)
		return -1;
	int status = open_again(self, family, type, protocol, fd);
	if (status < 0)
		return raise_for_closed(self, status);
	return finish(self, fd) < 0 ? -1 : set_attributes(object, self->state);
}

int sock_init(PyObject *object, PyObject *args, PyObject *kwargs)
{
	int family = CSOCK_ASK, type = CSOCK_ASK, protocol = CSOCK_ASK;
	PyObject *fileno = Py_None;

	if (take_kind(args, kwargs, &family, &type, &protocol, &fileno) < 0)
		return -1;
	return initialize(object, family, type, protocol, fileno);
}

/* Does in fewer steps what initialize() does, for a new object of the socket type itself. */
static inline int open_first(struct socket_object *self, int family, int type, int protocol)
{
	int status = open_new(self, family, type, protocol);

	/* An audit hook may have called __init__. */
	if (UNLIKELY(status < 0) && is_open_already(status))
		status = open_again(self, family, type, protocol, CSOCK_NO_HANDLE);
	return UNLIKELY(status < 0) ? raise_for_closed(self, status)
				    : finish(self, CSOCK_NO_HANDLE);
}

static inline PyObject *new_socket(struct module_state *state, int family, int type, int protocol)
{
	PyObject *object = make(state, state->socket_type);

	set_defaults(&family, &type, &protocol);
	if (!object || audit(object, family, type, protocol) < 0 ||
	    open_first(as_socket(object), family, type, protocol) < 0)
		Py_CLEAR(object);
	return object;
}

/* socket(family, type, proto), without a tuple of the arguments. */
IN_ONE_PIECE PyObject *sock_vectorcall(PyObject *callable, PyObject *const *args, size_t flags,
				       PyObject *names)
{
	int kind[] = {CSOCK_ASK, CSOCK_ASK, CSOCK_ASK};
	PyTypeObject *type = (PyTypeObject *)callable;
	Py_ssize_t count = PyVectorcall_NARGS(flags);

	/* A program may have replaced __new__ or __init__. */
	if (names || count > 3 || type->tp_new != sock_new || type->tp_init != sock_init)
		return type_call(callable, args, count, names);
	for (Py_ssize_t i = 0; i < count; i++)
		if (argument_int(args[i], &kind[i]) < 0)
			return NULL;
	/* Subclasses do not inherit this slot: it is the type itself. */
	struct module_state *state = PyType_GetModuleState(type);
	/* A type that the garbage collector has cleared has no state. */
	return LIKELY(state) ? new_socket(state, kind[0], kind[1], kind[2])
			     : type_call(callable, args, count, names);
}

PyObject *sock_open(struct module_state *state, int family, int type, int protocol)
{
	return new_socket(state, family, type, protocol);
}

bool sock_type_stands(struct module_state *state)
{
	PyObject *type = state->namespace
				 ? PyDict_GetItemWithError(state->namespace, state->names.socket)
				 : NULL;

	if (UNLIKELY(!type)) {
		PyErr_Clear();
		return false;
	}
	return LIKELY(type == (PyObject *)state->socket_type) &&
	       type_is_own(state->socket_type, &state->socket_watch);
}

PyObject *sock_wrap(struct module_state *state, PyTypeObject *type, struct csock_socket *opened,
		    int kind)
{
	PyObject *object = make(state, type);
	struct socket_object *self = as_socket(object);

	if (!object) {
		(void)call_close(opened);
		return NULL;
	}
	/* Before the audit hook: it sees the object, and may call __init__ on it. */
	self->sock = *opened;
	if ((!system_audits_handles ||
	     audit(object, opened->family, kind, opened->protocol) == 0) &&
	    finish_init(self) == 0)
		return object;
	(void)call_close(&self->sock);
	Py_DECREF(object);
	return NULL;
}

int sock_traverse(PyObject *object, visitproc visit, void *arg)
{
	const struct socket_object *self = as_socket(object);

	Py_VISIT(Py_TYPE(object));
	if (self->state)
		Py_VISIT(self->state->module);
	return 0;
}

int sock_shut(struct socket_object *self)
{
	const struct gil_sharing *gil = &self->state->gil;
	bool keeps_gil = gil_has_no_taker(gil) ||
			 (!RELAXED_LOAD(&gil->never_kept) && !csock_close_may_wait(&self->sock));
	int status = keeps_gil ? csock_close(&self->sock) : call_close(&self->sock);

	RELAXED_STORE(&self->fd, sock_fd(self));
	/* The socket is closed, and the object outlives the calls in progress. */
	return csock_status_domain(status) == CSOCK_IN_USE ? 0 : status;
}

/* Warns that the socket was never closed, and closes it. */
void sock_finalize(PyObject *object)
{
	struct socket_object *self = as_socket(object);

	if (sock_fd(self) == CSOCK_NO_HANDLE)
		return;
	PyObject *raised = exception_take();
	/* This fails only if the warning is an error, which no caller could catch. */
	if (PyErr_ResourceWarning(object, 1, "unclosed %R", object) < 0 &&
	    PyErr_ExceptionMatches(PyExc_Warning))
		PyErr_WriteUnraisable(object);
	PyErr_Clear();
	(void)sock_shut(self);
	exception_raise(raised);
}

void sock_dealloc(PyObject *object)
{
	struct module_state *state = as_socket(object)->state;
	PyTypeObject *type = Py_TYPE(object);

	/* A closed socket needs no finalizer, unless a subclass has its own. */
	bool is_closed =
		sock_fd(as_socket(object)) == CSOCK_NO_HANDLE && type->tp_finalize == sock_finalize;
	if (!is_closed && PyObject_CallFinalizerFromDealloc(object) < 0)
		return;
	PyObject_GC_UnTrack(object);
	if (as_socket(object)->weakrefs)
		PyObject_ClearWeakRefs(object);
	bool is_kept =
		Py_IS_TYPE(object, state->socket_type) && socket_memory_give(&state->reuse, object);
	if (!is_kept)
		type->tp_free(object);
	Py_DECREF(type);
	/* Last, because the state is freed with the module. */
	Py_DECREF(state->module);
}
