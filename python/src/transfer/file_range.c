/*
 * The part of a file that sendfile() sends.
 */
#include "transfer/file_range.h"

#include <stdbool.h>

#include "csocket/system.h"

#include "convert/arguments.h"
#include "convert/objects.h"
#include "names/imports.h"
#include "socket/any_method.h"
#include "socket/methods.h"

int64_t file_range_next(const struct file_range *range, int64_t maximum)
{
	int64_t left = range->limit - range->sent;

	return left < maximum ? left : maximum;
}

/* Whether "b" is in the mode: 1, 0, or -1 with an exception. */
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
		PyErr_SetString(PyExc_ValueError, "file should be opened in binary mode");
	Py_XDECREF(mode);
	return binary > 0 ? 0 : -1;
}

/*
 * Whether sock.type has the bit of SOCK_STREAM: 1, 0, or -1 with an exception. socket.py makes the
 * same test, and so accepts SOCK_SEQPACKET and SOCK_RAW too.
 */
static int is_stream(struct module_state *state, PyObject *sock)
{
	if (sock_is_plain(state, sock))
		return (as_socket(sock)->sock.type & SOCK_STREAM) != 0;
	PyObject *kind = attribute(sock, "type");
	PyObject *bit = kind ? PyLong_FromLong(SOCK_STREAM) : NULL;
	PyObject *both = bit ? PyNumber_And(kind, bit) : NULL;
	int result = both ? PyObject_IsTrue(both) : -1;

	Py_XDECREF(both);
	Py_XDECREF(bit);
	Py_XDECREF(kind);
	return result;
}

static int check_stream(struct module_state *state, PyObject *sock)
{
	int result = is_stream(state, sock);

	if (result == 0)
		PyErr_SetString(PyExc_ValueError, "only SOCK_STREAM type sockets are supported");
	return result > 0 ? 0 : -1;
}

/* A missing count means no limit. */
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

static int check(struct module_state *state, PyObject *sock, PyObject *file, PyObject *count)
{
	int64_t limit;

	if (check_binary(&state->names, file) < 0 || check_stream(state, sock) < 0)
		return -1;
	return parse_count(count, &limit);
}

ANY_METHOD(sock_check_sendfile_params)
{
	static const char *const parameters[] = {"file", "offset", "count", NULL};
	static const struct signature signature = {"_check_sendfile_params", parameters, 3, 3};
	PyObject *values[3];

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    check(state, self, values[0], values[2]) < 0)
		return NULL;
	Py_RETURN_NONE;
}

static int check_by_method(const struct file_range *range, PyObject *sock, PyObject *count)
{
	PyObject *done =
		method_call("_check_sendfile_params", sock, range->file, range->offset, count);

	Py_XDECREF(done);
	return done ? 0 : -1;
}

int file_range_take(struct file_range *range, struct module_state *state, PyObject *sock,
		    PyObject *const *parameters)
{
	PyObject *count = parameters[2] ? parameters[2] : Py_None;

	*range = (struct file_range){
		.state = state,
		.file = parameters[0],
		.offset = parameters[1] ? Py_NewRef(parameters[1]) : PyLong_FromLong(0),
	};
	if (!range->offset)
		return -1;
	int result = sock_is_plain(state, sock) ? check(state, sock, range->file, count)
						: check_by_method(range, sock, count);
	if (result == 0)
		result = parse_count(count, &range->limit);
	if (result < 0)
		Py_CLEAR(range->offset);
	return result;
}

int file_range_refuse_nonblocking(void)
{
	PyErr_SetString(PyExc_ValueError, "non-blocking sockets are not supported");
	return -1;
}

/* Moves the file's position to where sending ended, if the file has seek(). */
static int seek_to_end(const struct file_range *range)
{
	PyObject *method = PyObject_GetAttr(range->file, range->state->names.seek);

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

/* Moves the file's position. Keeps the exception that is set, unless moving raises another one. */
static void seek_after_failure(const struct file_range *range)
{
	PyObject *first = exception_take();

	if (seek_to_end(range) < 0)
		exception_chain(first);
	else
		exception_raise(first);
}

PyObject *file_range_finish(struct file_range *range, bool failed)
{
	if (range->sent > 0 && failed)
		seek_after_failure(range);
	else if (range->sent > 0)
		failed = seek_to_end(range) < 0;
	Py_CLEAR(range->offset);
	return failed ? NULL : PyLong_FromLongLong(range->sent);
}

void file_range_give_up(PyObject *type)
{
	PyObject *error = exception_take();

	PyErr_SetObject(type, error);
	Py_DECREF(error);
}

static bool is_unsupported_operation(struct module_state *state)
{
	PyObject *error = exception_take();
	PyObject *io = imports_module(state, "io");
	PyObject *unsupported = io ? attribute(io, "UnsupportedOperation") : NULL;

	PyErr_Clear();
	bool result = unsupported && PyErr_GivenExceptionMatches(error, unsupported);
	Py_XDECREF(unsupported);
	Py_XDECREF(io);
	exception_raise(error);
	return result;
}

PyObject *file_range_descriptor(const struct file_range *range, PyObject *give_up)
{
	PyObject *fileno = PyObject_CallMethodNoArgs(range->file, range->state->names.fileno);

	if (!fileno && (PyErr_ExceptionMatches(PyExc_AttributeError) ||
			is_unsupported_operation(range->state)))
		file_range_give_up(give_up);
	return fileno;
}

int64_t file_range_size(struct module_state *state, PyObject *fileno, PyObject *give_up)
{
	PyObject *os = imports_module(state, "os");
	PyObject *status = os ? method_call("fstat", os, fileno) : NULL;

	if (os && !status && PyErr_ExceptionMatches(PyExc_OSError))
		file_range_give_up(give_up);
	PyObject *size = status ? attribute(status, "st_size") : NULL;
	int64_t result = size ? PyLong_AsLongLong(size) : -1;
	Py_XDECREF(size);
	Py_XDECREF(status);
	Py_XDECREF(os);
	return result;
}
