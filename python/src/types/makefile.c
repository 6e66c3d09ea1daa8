/*
 * makefile(): a file on a socket, of SocketIO and the io module's buffers.
 */
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "names/imports.h"
#include "published.h"
#include "socket/any_method.h"
#include "socket/methods.h"

#include <stdbool.h>

struct file_request {
	PyObject *mode;
	PyObject *buffering;
	PyObject *encoding;
	PyObject *errors;
	PyObject *newline;
	bool reading;
	bool writing;
	bool binary;
};

/* Notes a letter of the mode: 1, or 0 for anything else. */
static int note_letter(struct file_request *request, PyObject *letter)
{
	bool *const flags[] = {&request->reading, &request->writing, &request->binary};

	for (size_t i = 0; i < sizeof flags / sizeof *flags && PyUnicode_Check(letter); i++) {
		const char name[] = {"rwb"[i], '\0'};
		if (PyUnicode_CompareWithASCIIString(letter, name) == 0) {
			*flags[i] = true;
			return 1;
		}
	}
	return 0;
}

/* The mode is a str, or any other iterable of letters. */
static int parse_mode(struct file_request *request)
{
	PyObject *letters = PyObject_GetIter(request->mode);
	PyObject *letter;
	int allowed = 1;

	if (!letters)
		return -1;
	while (allowed && (letter = PyIter_Next(letters))) {
		allowed = note_letter(request, letter);
		Py_DECREF(letter);
	}
	Py_DECREF(letters);
	if (!request->writing)
		request->reading = true;
	if (!allowed)
		PyErr_Format(PyExc_ValueError, "invalid mode %R (only r, w, b allowed)",
			     request->mode);
	return PyErr_Occurred() ? -1 : 0;
}

/* The size of the buffer, a new reference: 0 for none, the io module's default if negative. */
static PyObject *buffer_size(PyObject *io, PyObject *buffering)
{
	int negative = buffering == Py_None ? 1 : compare_int(buffering, 0, Py_LT);

	if (negative < 0)
		return NULL;
	return negative ? attribute(io, "DEFAULT_BUFFER_SIZE") : Py_NewRef(buffering);
}

static const char *raw_mode(const struct file_request *request)
{
	if (request->reading)
		return request->writing ? "rw" : "r";
	return "w";
}

/* Counts atomically where it can: without a GIL two threads may open files at once. */
static int count_file(struct module_state *state, PyObject *sock)
{
	if (!sock_is_plain(state, sock))
		return attribute_add(sock, state->names._io_refs, 1);
	sock_add_file(as_socket(sock));
	return 0;
}

/* A SocketIO, which from here on counts as a file of the socket until it is closed. */
static PyObject *open_raw(struct module_state *state, PyObject *sock,
			  const struct file_request *request)
{
	PyObject *type = published(state, "SocketIO");
	PyObject *raw = NULL;

	if (type)
		raw = PyObject_CallFunction(type, "Os", sock, raw_mode(request));
	Py_XDECREF(type);
	if (raw && count_file(state, sock) < 0)
		Py_CLEAR(raw);
	return raw;
}

static PyObject *open_buffer(PyObject *io, const struct file_request *request, PyObject *raw,
			     PyObject *size)
{
	if (request->reading && request->writing)
		return method_call("BufferedRWPair", io, raw, raw, size);
	return method_call(request->reading ? "BufferedReader" : "BufferedWriter", io, raw, size);
}

static PyObject *open_text(PyObject *io, const struct file_request *request, PyObject *buffer)
{
	/* A warning about the encoding is for our caller: there is no Python frame between. */
	PyObject *encoding = PyObject_CallMethod(io, "text_encoding", "Oi", request->encoding, 1);
	PyObject *text = NULL;

	if (encoding)
		text = method_call("TextIOWrapper", io, buffer, encoding, request->errors,
				   request->newline);
	Py_XDECREF(encoding);
	if (text && PyObject_SetAttrString(text, "mode", request->mode) < 0)
		Py_CLEAR(text);
	return text;
}

/* Wraps raw into the file that makefile() returns; NULL with an exception. */
static PyObject *open_layers(PyObject *io, const struct file_request *request, PyObject *raw,
			     PyObject *size)
{
	PyObject *buffer = open_buffer(io, request, raw, size);

	if (!buffer || request->binary)
		return buffer;
	PyObject *text = open_text(io, request, buffer);
	Py_DECREF(buffer);
	return text;
}

/* Closes a file that is not returned: it no longer counts. Keeps the exception that is set. */
static void close_raw(PyObject *raw)
{
	PyObject *raised = exception_take();
	PyObject *done = method_call("close", raw);

	if (!done)
		PyErr_WriteUnraisable(raw);
	Py_XDECREF(done);
	exception_raise(raised);
}

static PyObject *open_file(struct module_state *state, PyObject *self, PyObject *io,
			   const struct file_request *request, PyObject *size)
{
	int unbuffered = compare_int(size, 0, Py_EQ);

	if (unbuffered > 0 && !request->binary) {
		PyErr_SetString(PyExc_ValueError, "unbuffered streams must be binary");
		error_note("the mode is %R", request->mode);
	}
	if (unbuffered < 0 || (unbuffered && !request->binary))
		return NULL;
	PyObject *raw = open_raw(state, self, request);
	if (!raw || unbuffered)
		return raw;
	PyObject *file = open_layers(io, request, raw, size);
	if (!file)
		close_raw(raw);
	Py_DECREF(raw);
	return file;
}

ANY_METHOD(sock_makefile)
{
	static const char *const parameters[] = {"mode",   "buffering", "encoding",
						 "errors", "newline",   NULL};
	static const struct signature signature = {"makefile", parameters, 0, 2};
	PyObject *values[5];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	PyObject *mode = values[0] ? Py_NewRef(values[0]) : PyUnicode_FromString("r");
	if (!mode)
		return NULL;
	struct file_request request = {
		.mode = mode,
		.buffering = values[1] ? values[1] : Py_None,
		.encoding = values[2] ? values[2] : Py_None,
		.errors = values[3] ? values[3] : Py_None,
		.newline = values[4] ? values[4] : Py_None,
	};
	PyObject *file = NULL;
	PyObject *io = parse_mode(&request) < 0 ? NULL : imports_module(state, "io");
	PyObject *size = io ? buffer_size(io, request.buffering) : NULL;
	if (size)
		file = open_file(state, self, io, &request, size);
	Py_XDECREF(size);
	Py_XDECREF(io);
	Py_DECREF(mode);
	return file;
}
