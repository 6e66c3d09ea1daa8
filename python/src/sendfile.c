/*
 * sendfile(): a file to the peer, within the kernel where it can do that.
 */
#include "arguments.h"
#include "call.h"
#include "errors.h"
#include "methods.h"
#include "objects.h"

#include <stdbool.h>

/* The most that one system call is asked to send. */
#define KERNEL_CHUNK_MAX (INT64_C(1) << 30)
/* The most that is read from the file at once where the kernel cannot help. */
#define READ_CHUNK_MAX 8192

struct file_range {
	const struct hot_names *names;
	PyObject *file;   /* borrowed */
	PyObject *offset; /* a new reference */
	int64_t limit;    /* so many bytes at most */
	int64_t sent;     /* and so many are sent */
};

/* The smaller of what is left to send and the most at once. */
static int64_t next_chunk(const struct file_range *range, int64_t maximum)
{
	int64_t left = range->limit - range->sent;

	return left < maximum ? left : maximum;
}

/* Whether "b" is in the mode; -1 with an exception. */
static int is_binary(PyObject *mode)
{
	if (PyUnicode_CheckExact(mode))
		return PyUnicode_FindChar(mode, 'b', 0, PyUnicode_GET_LENGTH(mode), 1) >= 0;
	PyObject *letter = PyUnicode_FromString("b");
	int binary = letter ? PySequence_Contains(mode, letter) : -1;
	Py_XDECREF(letter);
	return binary;
}

static int check_binary(const struct hot_names *names, PyObject *file)
{
	PyObject *mode = PyObject_GetAttr(file, names->mode);

	if (!mode && PyErr_ExceptionMatches(PyExc_AttributeError)) {
		PyErr_Clear();
		return 0;
	}
	int binary = mode ? is_binary(mode) : -1;
	if (binary == 0)
		PyErr_Format(PyExc_ValueError,
			     "file should be opened in binary mode (its mode is %R)", mode);
	Py_XDECREF(mode);
	return binary > 0 ? 0 : -1;
}

static int check_stream(const struct socket_object *self)
{
	/* Stock tests the bit, and so lets sequenced packets and raw sockets pass. */
	if (self->sock.type & SOCK_STREAM)
		return 0;
	PyErr_Format(PyExc_ValueError,
		     "only SOCK_STREAM type sockets are supported (this one's type is %d)",
		     self->sock.type);
	return -1;
}

/* No count is no limit. */
static int parse_count(PyObject *count, int64_t *limit)
{
	int overflow = 0;

	*limit = INT64_MAX;
	if (count == Py_None)
		return 0;
	bool integer = PyLong_Check(count);
	long long number = integer ? PyLong_AsLongLongAndOverflow(count, &overflow) : 0;
	if (integer && overflow == 0 && number > 0)
		*limit = number;
	if (integer && overflow >= 0 && (overflow || number > 0))
		return 0;
	PyErr_Format(integer ? PyExc_ValueError : PyExc_TypeError,
		     "count must be a positive integer (got %R)", count);
	return -1;
}

/* The parameters of the three methods, checked: 0, or -1 with an exception. */
static int parse(const char *method, PyObject *self, PyObject *const *args, Py_ssize_t count,
		 PyObject *names, struct file_range *range)
{
	static const char *const parameters[] = {"file", "offset", "count", NULL};
	const struct signature signature = {method, parameters, 1, 3};
	PyObject *values[3];

	range->names = &as_socket(self)->state->names;
	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    check_binary(range->names, values[0]) < 0 || check_stream(as_socket(self)) < 0 ||
	    parse_count(values[2] ? values[2] : Py_None, &range->limit) < 0)
		return -1;
	range->file = values[0];
	range->sent = 0;
	range->offset = values[1] ? Py_NewRef(values[1]) : PyLong_FromLong(0);
	return range->offset ? 0 : -1;
}

static int check_waits(const struct socket_object *self)
{
	if (self->timeout != 0)
		return 0;
	PyErr_SetString(PyExc_ValueError, "non-blocking sockets are not supported");
	return -1;
}

/* Puts the file where sending ended; a file without seek() stays where it is. */
static int seek_to_end(const struct file_range *range)
{
	PyObject *method = PyObject_GetAttr(range->file, range->names->seek);

	if (!method) {
		if (!PyErr_ExceptionMatches(PyExc_AttributeError))
			return -1;
		PyErr_Clear();
		return 0;
	}
	PyObject *sent = PyLong_FromLongLong(range->sent);
	PyObject *position = sent ? PyNumber_Add(range->offset, sent) : NULL;
	PyObject *done = position ? PyObject_CallOneArg(method, position) : NULL;
	Py_XDECREF(done);
	Py_XDECREF(position);
	Py_XDECREF(sent);
	Py_DECREF(method);
	return done ? 0 : -1;
}

/* The exception that is set gets another one as its context, which it takes over. */
static void set_context(PyObject *context)
{
	PyObject *type, *error, *traceback;

	PyErr_Fetch(&type, &error, &traceback);
	PyErr_NormalizeException(&type, &error, &traceback);
	PyException_SetContext(error, context);
	PyErr_Restore(type, error, traceback);
}

/* Moves the file's position with an exception set, which stays unless the file cannot be moved. */
static void seek_after_failure(const struct file_range *range)
{
	PyObject *type, *error, *traceback;

	PyErr_Fetch(&type, &error, &traceback);
	if (seek_to_end(range) == 0) {
		PyErr_Restore(type, error, traceback);
		return;
	}
	PyErr_NormalizeException(&type, &error, &traceback);
	set_context(error);
	Py_XDECREF(type);
	Py_XDECREF(traceback);
}

/*
 * The end of sending, well or with an exception (failed): the file's position moves to where
 * sending ended, and the number of bytes is returned.
 */
static PyObject *finish(struct file_range *range, bool failed)
{
	if (range->sent > 0 && failed)
		seek_after_failure(range);
	else if (range->sent > 0)
		failed = seek_to_end(range) < 0;
	Py_CLEAR(range->offset);
	return failed ? NULL : PyLong_FromLongLong(range->sent);
}

/* Raises _GiveupOnSendfile with the exception that is set as its argument. */
static void give_up(struct module_state *state)
{
	PyObject *type, *error, *traceback;

	PyErr_Fetch(&type, &error, &traceback);
	PyErr_NormalizeException(&type, &error, &traceback);
	PyErr_SetObject(state->giveup_on_sendfile, error);
	Py_XDECREF(type);
	Py_XDECREF(error);
	Py_XDECREF(traceback);
}

static bool is_unsupported_operation(void)
{
	PyObject *pending[3];

	PyErr_Fetch(&pending[0], &pending[1], &pending[2]);
	PyObject *io = PyImport_ImportModule("io");
	PyObject *unsupported = io ? attribute(io, "UnsupportedOperation") : NULL;
	PyErr_Clear();
	bool result = unsupported && PyErr_GivenExceptionMatches(pending[0], unsupported);
	Py_XDECREF(unsupported);
	Py_XDECREF(io);
	PyErr_Restore(pending[0], pending[1], pending[2]);
	return result;
}

/* What file.fileno() gives; gives up on what has no descriptor. */
static PyObject *file_descriptor(struct module_state *state, PyObject *file)
{
	PyObject *fileno = PyObject_CallMethodNoArgs(file, state->names.fileno);

	if (!fileno && (PyErr_ExceptionMatches(PyExc_AttributeError) || is_unsupported_operation()))
		give_up(state);
	return fileno;
}

/* The file's size as the system has it: 1 if there is something, 0 if not, -1 raised. */
static int has_content(struct module_state *state, PyObject *fileno)
{
	PyObject *os = PyImport_ImportModule("os");
	PyObject *status = os ? method_call("fstat", os, fileno) : NULL;

	if (os && !status && PyErr_ExceptionMatches(PyExc_OSError))
		give_up(state);
	PyObject *size = status ? attribute(status, "st_size") : NULL;
	int result = size ? PyObject_IsTrue(size) : -1;
	Py_XDECREF(size);
	Py_XDECREF(status);
	Py_XDECREF(os);
	return result;
}

struct send_file_call {
	int file;
	int64_t offset;
	size_t size;
};

static ssize_t call_send_file(struct csock_socket *sock, void *arguments, int64_t deadline)
{
	struct send_file_call *call = arguments;

	return csock_send_file(sock, call->file, &call->offset, call->size, deadline);
}

/*
 * Sends up to the limit or the file's end; each chunk may take as long as the socket's timeout.
 * The status of the last call, which is 0 at the end, or CALL_RAISED.
 */
static ssize_t send_range(struct socket_object *self, struct send_file_call *call,
			  struct file_range *range)
{
	while (range->sent < range->limit) {
		call->size = (size_t)next_chunk(range, KERNEL_CHUNK_MAX);
		/* Reading the file may block, whatever the deadline. */
		ssize_t result = sock_call(self, CALL_WAIT, call_send_file, call);
		if (result == 0)
			return 0;
		if (result > 0) {
			range->sent += result;
			/* A signal may be why it was not more. */
			if (PyErr_CheckSignals() < 0)
				return CALL_RAISED;
		} else if (result == CALL_RAISED || !csock_status_would_wait((int)result)) {
			return result;
		}
	}
	return 0;
}

static int check_not_closed(const struct socket_object *self)
{
	if (self->sock.fd >= 0)
		return 0;
	PyErr_SetString(PyExc_ValueError, "sendfile() on a closed socket");
	return -1;
}

/* Descriptor and offset as numbers: 0, or -1 with an exception. */
static int take_place(const struct file_range *range, PyObject *fileno, struct send_file_call *call)
{
	if (argument_int(fileno, &call->file) < 0)
		return -1;
	call->offset = PyLong_AsLongLong(range->offset);
	return call->offset == -1 && PyErr_Occurred() ? -1 : 0;
}

/*
 * After the first call has failed. A file without content is nothing to send; for any other the
 * kernel's refusal is a reason to give up, and try with send().
 */
static int fail_at_first(struct socket_object *self, PyObject *fileno, ssize_t status)
{
	int filled = has_content(self->state, fileno);

	if (filled <= 0)
		return filled;
	raise_status(self->state, status);
	give_up(self->state);
	return -1;
}

/*
 * Sends what the descriptor stands for. What is wrong with the arguments does not matter where
 * there is nothing to send; where nothing is wrong with them, the first call tells whether there
 * is.
 */
static int send_descriptor(struct socket_object *self, PyObject *fileno, struct file_range *range)
{
	struct send_file_call call;

	if (self->timeout == 0 || self->sock.fd < 0 || !PyLong_CheckExact(fileno) ||
	    !PyLong_CheckExact(range->offset)) {
		int filled = has_content(self->state, fileno);
		if (filled <= 0)
			return filled;
	}
	if (check_waits(self) < 0 || check_not_closed(self) < 0 ||
	    take_place(range, fileno, &call) < 0)
		return -1;
	ssize_t status = send_range(self, &call, range);
	if (status >= 0)
		return 0;
	if (range->sent == 0 && status != CALL_RAISED &&
	    csock_status_domain((int)status) == CSOCK_SYSTEM)
		return fail_at_first(self, fileno, status);
	raise_status(self->state, status);
	return -1;
}

/* The whole of it, once the parameters are checked. */
static int send_by_kernel(struct socket_object *self, struct file_range *range)
{
	PyObject *fileno = file_descriptor(self->state, range->file);
	int result = fileno ? send_descriptor(self, fileno, range) : -1;

	Py_XDECREF(fileno);
	return result;
}

PyObject *sock_sendfile_use_sendfile(PyObject *self, PyObject *const *args, Py_ssize_t count,
				     PyObject *names)
{
	struct file_range range;

	if (parse("_sendfile_use_sendfile", self, args, count, names, &range) < 0)
		return NULL;
	return finish(&range, send_by_kernel(as_socket(self), &range) < 0);
}

/* Calls self.send, which subclasses override: the number sent, or -1 with an exception. */
static Py_ssize_t send_once(PyObject *self, PyObject *data)
{
	Py_ssize_t sent = -1;
	PyObject *result = method_call("send", self, data);

	if (result && argument_size(result, &sent) < 0)
		sent = -1;
	Py_XDECREF(result);
	if (result || !PyErr_ExceptionMatches(PyExc_BlockingIOError))
		return sent;
	/* The kernel's own time limit, or a change of mode by somebody else. */
	PyErr_Clear();
	return 0;
}

/* Sends all of a chunk, counted in the range. 0, or -1 with an exception. */
static int send_chunk(PyObject *self, PyObject *chunk, struct file_range *range)
{
	PyObject *rest = Py_NewRef(chunk);

	while (rest) {
		Py_ssize_t size = PyObject_Size(rest);
		Py_ssize_t sent = size < 0 ? -1 : send_once(self, rest);
		if (sent > 0)
			range->sent += sent;
		/* A signal may be why it was not more. */
		if (sent < 0 || PyErr_CheckSignals() < 0 || sent >= size) {
			Py_DECREF(rest);
			return PyErr_Occurred() ? -1 : 0;
		}
		Py_SETREF(rest, PySequence_GetSlice(rest, sent, size));
	}
	return -1;
}

/* The next chunk of the file as a memoryview, which is empty at the end. */
static PyObject *read_chunk(const struct file_range *range)
{
	int64_t wanted = next_chunk(range, READ_CHUNK_MAX);
	PyObject *data = PyObject_CallMethod(range->file, "read", "L", (long long)wanted);
	PyObject *chunk = data ? PyMemoryView_FromObject(data) : NULL;

	Py_XDECREF(data);
	return chunk;
}

static int seek_to_start(const struct file_range *range)
{
	PyObject *done = PyObject_CallMethodOneArg(range->file, range->names->seek, range->offset);

	Py_XDECREF(done);
	return done ? 0 : -1;
}

static int send_by_reading(PyObject *self, struct file_range *range)
{
	int elsewhere = check_waits(as_socket(self)) < 0 ? -1 : PyObject_IsTrue(range->offset);

	if (elsewhere < 0 || (elsewhere && seek_to_start(range) < 0))
		return -1;
	while (range->sent < range->limit) {
		PyObject *chunk = read_chunk(range);
		Py_ssize_t size = chunk ? PyObject_Size(chunk) : -1;
		int result = size > 0 ? send_chunk(self, chunk, range) : -1;
		Py_XDECREF(chunk);
		if (result < 0)
			return size == 0 ? 0 : -1;
	}
	return 0;
}

PyObject *sock_sendfile_use_send(PyObject *self, PyObject *const *args, Py_ssize_t count,
				 PyObject *names)
{
	struct file_range range;

	if (parse("_sendfile_use_send", self, args, count, names, &range) < 0)
		return NULL;
	return finish(&range, send_by_reading(self, &range) < 0);
}

/* By attribute: ssl.SSLSocket and other subclasses have their own. */
static PyObject *send_by_kernel_first(PyObject *self, PyObject *const *arguments)
{
	struct module_state *state = as_socket(self)->state;

	if (sock_is_plain(state, self))
		return sock_sendfile_use_sendfile(self, arguments + 1, 3, NULL);
	return PyObject_VectorcallMethod(state->names._sendfile_use_sendfile, arguments, 4, NULL);
}

PyObject *sock_sendfile(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	static const char *const parameters[] = {"file", "offset", "count", NULL};
	static const struct signature signature = {"sendfile", parameters, 1, 3};
	PyObject *values[3];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	PyObject *offset = values[1] ? Py_NewRef(values[1]) : PyLong_FromLong(0);
	if (!offset)
		return NULL;
	PyObject *limit = values[2] ? values[2] : Py_None;
	PyObject *sent = send_by_kernel_first(self, (PyObject *[]){self, values[0], offset, limit});
	if (!sent && PyErr_ExceptionMatches(as_socket(self)->state->giveup_on_sendfile)) {
		PyErr_Clear();
		sent = method_call("_sendfile_use_send", self, values[0], offset, limit);
	}
	Py_DECREF(offset);
	return sent;
}
