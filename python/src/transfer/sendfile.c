/*
 * sendfile(): sends a file, within the kernel if it can do that.
 */
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "convert/system.h"
#include "names/imports.h"
#include "socket/any_method.h"
#include "socket/call.h"
#include "socket/methods.h"
#include "transfer/file_range.h"
#include "transfer/sendfile_zerocopy.h"

#include <stdbool.h>

/* The most that one system call is asked to send. */
#define KERNEL_CHUNK_MAX (INT64_C(1) << 30)

struct send_file_call {
	csock_handle file;
	int64_t offset;
	size_t size;
	int64_t timeout; /* the socket's when sendfile() was called */
	int64_t deadline;
};

static ssize_t call_send_file(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct send_file_call *call = arguments;

	/* Not this deadline: a signal handler may have given the socket another timeout. */
	(void)deadline;
	return csock_send_file(sock, call->file, &call->offset, call->size, call->deadline);
}

/*
 * Sends up to the limit or the file's end; each chunk may take as long as the timeout.
 * Returns the status of the last call, which is 0 at the end, or CALL_RAISED.
 */
static ssize_t send_range(struct socket_object *self, struct send_file_call *call,
			  struct file_range *range)
{
	while (range->sent < range->limit) {
		call->size = (size_t)file_range_next(range, KERNEL_CHUNK_MAX);
		call->deadline = csock_deadline_after(call->timeout);
		/* Reading the file may block, whatever the deadline. */
		ssize_t result = sock_call(self, CALL_WAIT, call_send_file, call);
		if (result == 0 || result == CALL_RAISED)
			return result;
		if (result < 0 && !csock_status_would_wait(result))
			return result;
		if (result > 0)
			range->sent += result;
		/* A signal may have cut the call short. */
		if (PyErr_CheckSignals() < 0)
			return CALL_RAISED;
	}
	return 0;
}

static int check_not_closed(const struct socket_object *self)
{
	if (sock_fd(self) != CSOCK_NO_HANDLE)
		return 0;
	PyErr_SetString(PyExc_ValueError, "Invalid file descriptor: -1");
	error_note("the socket is closed");
	/* Then send() says so, if there is anything to send. */
	if (!system_sends_files)
		file_range_give_up(self->state->giveup_on_sendfile);
	return -1;
}

/* Descriptor and offset as numbers: 0, or -1 with an exception. */
static int take_place(const struct file_range *range, PyObject *fileno, struct send_file_call *call)
{
	if (system_file_handle(fileno, &call->file) < 0) {
		/* The system has no file of that number: read() may know what it means. */
		if (PyErr_ExceptionMatches(PyExc_OSError))
			file_range_give_up(range->state->giveup_on_sendfile);
		return -1;
	}
	call->offset = PyLong_AsLongLong(range->offset);
	return call->offset == -1 && PyErr_Occurred() ? -1 : 0;
}

/* 1 if there is something in the file as far as stock knows, 0 if not, -1 with an exception. */
static int has_content(struct module_state *state, PyObject *fileno)
{
	if (!system_sends_files)
		return 1;
	int64_t size = file_range_size(state, fileno, state->giveup_on_sendfile);

	return size < 0 ? -1 : size > 0;
}

/*
 * Handles the failure of the first call. An empty file is nothing to send. For any other file it
 * gives up, and sendfile() uses send().
 */
static int fail_at_first(struct socket_object *self, PyObject *fileno, ssize_t status)
{
	int filled = has_content(self->state, fileno);

	if (filled <= 0)
		return filled;
	raise_status(self->state, status);
	file_range_give_up(self->state->giveup_on_sendfile);
	return -1;
}

/*
 * Sends the descriptor's file. With bad arguments it asks for the size first: they do not matter if
 * the file is empty. With good ones the first call tells whether there is anything to send.
 */
static int send_descriptor(struct socket_object *self, PyObject *fileno, struct file_range *range)
{
	struct send_file_call call = {.timeout = self->timeout};

	if (sock_timeout(self) == 0 || sock_fd(self) == CSOCK_NO_HANDLE ||
	    !PyLong_CheckExact(fileno) || !PyLong_CheckExact(range->offset)) {
		int filled = has_content(self->state, fileno);
		if (filled <= 0)
			return filled;
	}
	if (sock_timeout(self) == 0)
		return file_range_refuse_nonblocking();
	if (check_not_closed(self) < 0 || take_place(range, fileno, &call) < 0)
		return -1;
	ssize_t status = send_range(self, &call, range);
	if (status >= 0)
		return 0;
	if (range->sent == 0 && status != CALL_RAISED &&
	    csock_status_domain(status) == CSOCK_SYSTEM)
		return fail_at_first(self, fileno, status);
	raise_status(self->state, status);
	return -1;
}

/* Sends the file within the kernel. The parameters are already checked. */
static int send_by_kernel(struct socket_object *self, struct file_range *range)
{
	PyObject *fileno = file_range_descriptor(range, self->state->giveup_on_sendfile);
	int result = fileno ? send_descriptor(self, fileno, range) : -1;

	Py_XDECREF(fileno);
	return result;
}

/* partial(function, self.fileno()) */
static PyObject *with_descriptor(struct module_state *state, PyObject *function, PyObject *self)
{
	PyObject *fileno = PyObject_CallMethodNoArgs(self, state->names.fileno);
	PyObject *functools = fileno ? PyImport_ImportModule("functools") : NULL;
	PyObject *partial = functools ? method_call("partial", functools, function, fileno) : NULL;

	Py_XDECREF(functools);
	Py_XDECREF(fileno);
	return partial;
}

/* Calls the object's own _sendfile_zerocopy(), as socket.py does from CPython 3.15 on. */
static PyObject *send_by_method(struct module_state *state, PyObject *self, PyObject *function,
				PyObject *const *parameters)
{
	PyObject *partial = with_descriptor(state, function, self);
	PyObject *offset = parameters[1] ? Py_NewRef(parameters[1]) : PyLong_FromLong(0);
	PyObject *sent = NULL;

	if (partial && offset)
		sent = method_call("_sendfile_zerocopy", self, partial, state->giveup_on_sendfile,
				   parameters[0], offset, parameters[2] ? parameters[2] : Py_None);
	Py_XDECREF(offset);
	Py_XDECREF(partial);
	return sent;
}

/* Sends over the descriptor of any other object, by os.sendfile(). */
static PyObject *send_by_os(struct module_state *state, PyObject *self, PyObject *const *parameters)
{
	PyObject *os = imports_module(state, "os");
	const struct zerocopy zerocopy = {
		.function = os ? attribute(os, "sendfile") : NULL,
		.takes_socket = true,
		.give_up = state->giveup_on_sendfile,
	};
	PyObject *sent = NULL;

	/* Not every system has it. */
	if (!zerocopy.function && PyErr_ExceptionMatches(PyExc_AttributeError))
		file_range_give_up(state->giveup_on_sendfile);
	if (zerocopy.function)
		sent = PY_VERSION_HEX < 0x030f0000
			       ? zerocopy_send(state, self, &zerocopy, parameters)
			       : send_by_method(state, self, zerocopy.function, parameters);
	Py_XDECREF(zerocopy.function);
	Py_XDECREF(os);
	return sent;
}

ANY_METHOD(sock_sendfile_use_sendfile)
{
	static const char *const parameters[] = {"file", "offset", "count", NULL};
	static const struct signature signature = {"_sendfile_use_sendfile", parameters, 1, 3};
	PyObject *values[FILE_RANGE_PARAMETERS];
	struct file_range range;

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	if (!PyObject_TypeCheck(self, state->socket_type))
		return send_by_os(state, self, values);
	if (file_range_take(&range, state, self, values) < 0)
		return NULL;
	return file_range_finish(&range, send_by_kernel(as_socket(self), &range) < 0);
}

/* By attribute: ssl.SSLSocket and other subclasses have their own. */
static PyObject *send_by_kernel_first(struct module_state *state, PyObject *const *arguments)
{
	PyObject *self = arguments[0];

	if (sock_is_plain(state, self))
		return sock_sendfile_use_sendfile(state, self, arguments + 1, 3, NULL);
	return PyObject_VectorcallMethod(state->names._sendfile_use_sendfile, arguments, 4, NULL);
}

ANY_METHOD(sock_sendfile)
{
	static const char *const parameters[] = {"file", "offset", "count", NULL};
	static const struct signature signature = {"sendfile", parameters, 1, 3};
	PyObject *values[FILE_RANGE_PARAMETERS];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	PyObject *offset = values[1] ? Py_NewRef(values[1]) : PyLong_FromLong(0);
	if (!offset)
		return NULL;
	PyObject *limit = values[2] ? values[2] : Py_None;
	PyObject *sent =
		send_by_kernel_first(state, (PyObject *[]){self, values[0], offset, limit});
	if (!sent && PyErr_ExceptionMatches(state->giveup_on_sendfile)) {
		PyErr_Clear();
		sent = method_call("_sendfile_use_send", self, values[0], offset, limit);
	}
	Py_DECREF(offset);
	return sent;
}
