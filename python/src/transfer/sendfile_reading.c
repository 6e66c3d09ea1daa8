/*
 * sendfile() by reading the file and sending what was read.
 */
#include "convert/arguments.h"
#include "convert/objects.h"
#include "socket/any_method.h"
#include "socket/methods.h"
#include "transfer/file_range.h"

/* The most that is read from the file at once. */
#define READ_CHUNK_MAX 8192

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
	/* EAGAIN: SO_SNDTIMEO has passed, or the mode was changed meanwhile. */
	PyErr_Clear();
	return 0;
}

/* Sends all of a chunk, and counts that in the range: 0, or -1 with an exception. */
static int send_chunk(PyObject *self, PyObject *chunk, struct file_range *range)
{
	PyObject *rest = Py_NewRef(chunk);

	while (rest) {
		Py_ssize_t size = PyObject_Size(rest);
		Py_ssize_t sent = size < 0 ? -1 : send_once(self, rest);
		if (sent > 0)
			range->sent += sent;
		/* A signal may have cut the call short. */
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
	int64_t wanted = file_range_next(range, READ_CHUNK_MAX);
	PyObject *data = PyObject_CallMethod(range->file, "read", "L", (long long)wanted);
	PyObject *chunk = data ? PyMemoryView_FromObject(data) : NULL;

	Py_XDECREF(data);
	return chunk;
}

static int seek_to_start(const struct file_range *range)
{
	PyObject *done =
		PyObject_CallMethodOneArg(range->file, range->state->names.seek, range->offset);

	Py_XDECREF(done);
	return done ? 0 : -1;
}

/* Raises ValueError if sock.gettimeout() is 0: 0, or -1 with an exception. */
static int check_waits(PyObject *sock)
{
	PyObject *timeout = method_call("gettimeout", sock);
	int is_zero = timeout ? compare_int(timeout, 0, Py_EQ) : -1;

	Py_XDECREF(timeout);
	return is_zero > 0 ? file_range_refuse_nonblocking() : is_zero;
}

static int send_by_reading(PyObject *self, struct file_range *range)
{
	int elsewhere = check_waits(self) < 0 ? -1 : PyObject_IsTrue(range->offset);

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

ANY_METHOD(sock_sendfile_use_send)
{
	static const char *const parameters[] = {"file", "offset", "count", NULL};
	static const struct signature signature = {"_sendfile_use_send", parameters, 1, 3};
	PyObject *values[FILE_RANGE_PARAMETERS];
	struct file_range range;

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    file_range_take(&range, state, self, values) < 0)
		return NULL;
	return file_range_finish(&range, send_by_reading(self, &range) < 0);
}
