/*
 * sendfile() by a function that copies nothing.
 *
 * The socket may be any object. Only its attributes are used, so this waits for its descriptor as
 * socket.py does, with the module selectors.
 */
#include "transfer/sendfile_zerocopy.h"

#include "convert/arguments.h"
#include "convert/objects.h"
#include "names/imports.h"
#include "socket/any_method.h"
#include "socket/methods.h"
#include "transfer/file_range.h"

/* The most that is sent at once. */
#define CHUNK_MAX (INT64_C(1) << 30)

/* The state of sending. All references are owned, except zerocopy. */
struct sending {
	const struct zerocopy *zerocopy;
	PyObject *sockno;   /* the socket's descriptor */
	PyObject *fileno;   /* the file's */
	PyObject *selector; /* waits for the socket's descriptor */
	PyObject *timeout;
	bool has_timeout; /* not None */
	int64_t chunk;
};

/* A selector that waits until the socket's descriptor is writable. */
static PyObject *make_selector(struct module_state *state, PyObject *sockno)
{
	PyObject *selectors = imports_module(state, "selectors");
	PyObject *event = selectors ? attribute(selectors, "EVENT_WRITE") : NULL;
	PyObject *selector = event ? method_call("PollSelector", selectors) : NULL;
	PyObject *key = selector ? method_call("register", selector, sockno, event) : NULL;

	if (!key)
		Py_CLEAR(selector);
	Py_XDECREF(key);
	Py_XDECREF(event);
	Py_XDECREF(selectors);
	return selector;
}

static int raise_timeout(void)
{
	PyErr_SetString(PyExc_TimeoutError, "timed out");
	return -1;
}

/* Waits until the timeout, which may be None for no limit: 0, or -1 with an exception. */
static int wait(const struct sending *sending, PyObject *timeout)
{
	PyObject *ready = method_call("select", sending->selector, timeout);
	int result = ready ? PyObject_IsTrue(ready) : -1;

	Py_XDECREF(ready);
	return result == 0 && timeout != Py_None ? raise_timeout() : result < 0 ? -1 : 0;
}

/* Calls the function once: the bytes sent, 0 at the end of the file, or -1 with an exception. */
static Py_ssize_t send_chunk(const struct sending *sending, const struct file_range *range)
{
	const struct zerocopy *zerocopy = sending->zerocopy;
	PyObject *size = PyLong_FromLongLong(file_range_next(range, sending->chunk));
	PyObject *done = size ? PyLong_FromLongLong(range->sent) : NULL;
	PyObject *offset = done ? PyNumber_Add(range->offset, done) : NULL;
	PyObject *arguments[] = {sending->sockno, sending->fileno, offset, size};
	bool takes_socket = zerocopy->takes_socket;
	Py_ssize_t sent = -1;

	if (offset) {
		PyObject *result = PyObject_Vectorcall(
			zerocopy->function, arguments + !takes_socket, takes_socket ? 4 : 3, NULL);
		if (result && argument_size(result, &sent) < 0)
			sent = -1;
		Py_XDECREF(result);
	}
	Py_XDECREF(offset);
	Py_XDECREF(done);
	Py_XDECREF(size);
	return sent;
}

/* After a call that has failed: 0 if another one may follow, or -1 with an exception. */
static int go_on(const struct sending *sending, const struct file_range *range)
{
	if (PyErr_ExceptionMatches(PyExc_BlockingIOError)) {
		PyErr_Clear();
		/* With a timeout, the next turn of the loop waits. */
		return sending->has_timeout ? 0 : wait(sending, Py_None);
	}
	/* If nothing was sent, the function may not support this file. */
	if (range->sent == 0 && PyErr_ExceptionMatches(PyExc_OSError))
		file_range_give_up(sending->zerocopy->give_up);
	return -1;
}

static int send_chunks(const struct sending *sending, struct file_range *range)
{
	while (range->sent < range->limit) {
		if (sending->has_timeout && wait(sending, sending->timeout) < 0)
			return -1;
		Py_ssize_t sent = send_chunk(sending, range);
		if (sent == 0)
			return 0;
		if (sent > 0)
			range->sent += sent;
		else if (go_on(sending, range) < 0)
			return -1;
		if (PyErr_CheckSignals() < 0)
			return -1;
	}
	return 0;
}

/* Takes the socket's timeout: 0, or -1 with an exception, also for a non-blocking socket. */
static int take_timeout(struct sending *sending, PyObject *sock)
{
	sending->timeout = method_call("gettimeout", sock);
	int is_zero = sending->timeout ? compare_int(sending->timeout, 0, Py_EQ) : -1;

	sending->has_timeout = sending->timeout != Py_None;
	return is_zero > 0 ? file_range_refuse_nonblocking() : is_zero;
}

/* Sends a file whose size is known and not 0. */
static int send_content(struct sending *sending, PyObject *sock, int64_t size,
			struct file_range *range)
{
	int result = -1;

	sending->chunk = size < CHUNK_MAX ? size : CHUNK_MAX;
	if (take_timeout(sending, sock) == 0)
		sending->selector = make_selector(range->state, sending->sockno);
	if (sending->selector)
		result = send_chunks(sending, range);
	Py_XDECREF(sending->selector);
	Py_XDECREF(sending->timeout);
	return result;
}

static int send_range(const struct zerocopy *zerocopy, PyObject *sock, struct file_range *range)
{
	struct sending sending = {.zerocopy = zerocopy};

	sending.sockno = PyObject_CallMethodNoArgs(sock, range->state->names.fileno);
	if (sending.sockno)
		sending.fileno = file_range_descriptor(range, zerocopy->give_up);
	int64_t size = sending.fileno
			       ? file_range_size(range->state, sending.fileno, zerocopy->give_up)
			       : -1;
	int result = size > 0 ? send_content(&sending, sock, size, range) : (int)size;
	Py_XDECREF(sending.fileno);
	Py_XDECREF(sending.sockno);
	return result;
}

PyObject *zerocopy_send(struct module_state *state, PyObject *sock, const struct zerocopy *zerocopy,
			PyObject *const *parameters)
{
	struct file_range range;

	if (file_range_take(&range, state, sock, parameters) < 0)
		return NULL;
	return file_range_finish(&range, send_range(zerocopy, sock, &range) < 0);
}

/* ssl.SSLSocket calls this from CPython 3.15 on, if the kernel does TLS. */
ANY_METHOD(sock_sendfile_zerocopy)
{
	enum {
		ZEROCOPY_FUNC,
		GIVEUP_EXC_TYPE,
		FILE_RANGE,
	};
	static const char *const parameters[] = {"zerocopy_func", "giveup_exc_type", "file",
						 "offset",        "count",           NULL};
	static const struct signature signature = {"_sendfile_zerocopy", parameters, 3, 5};
	PyObject *values[FILE_RANGE + FILE_RANGE_PARAMETERS];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	const struct zerocopy zerocopy = {
		.function = values[ZEROCOPY_FUNC],
		.give_up = values[GIVEUP_EXC_TYPE],
	};
	return zerocopy_send(state, self, &zerocopy, values + FILE_RANGE);
}
