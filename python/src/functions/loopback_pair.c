/*
 * Pairs of connected sockets over TCP, for systems that have no others.
 */
#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "functions/socketpair.h"
#include "published.h"
#include "reuse/tuples.h"

int pair_parse(const char *function, PyObject *const *args, Py_ssize_t count, PyObject *names,
	       struct pair *pair)
{
	static const char *const parameters[] = {"family", "type", "proto", NULL};
	const struct signature signature = {function, parameters, 0, 3};
	PyObject *values[3];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return -1;
	if (values[0] == Py_None)
		values[0] = NULL;
	if (optional_int(values[0], &pair->family) < 0 || optional_int(values[1], &pair->type) < 0)
		return -1;
	return optional_int(values[2], &pair->protocol);
}

static PyObject *open_socket(struct module_state *state, const struct pair *pair)
{
	return published_call(state, "socket",
			      Py_BuildValue("(iii)", pair->family, pair->type, pair->protocol));
}

/* A socket that listens on the loopback interface. */
static PyObject *open_listener(struct module_state *state, const struct pair *pair)
{
	PyObject *host = published(state, pair->family == AF_INET ? "_LOCALHOST" : "_LOCALHOST_V6");
	PyObject *listener = host ? open_socket(state, pair) : NULL;

	if (listener && (method_do(listener, "bind", Py_BuildValue("((Oi))", host, 0)) < 0 ||
			 method_do(listener, "listen", PyTuple_New(0)) < 0)) {
		close_raised(listener);
		listener = NULL;
	}
	Py_XDECREF(host);
	return listener;
}

/* Begins to connect, without waiting: this same thread has to accept the connection. */
static int begin_connect(PyObject *client, PyObject *listener)
{
	PyObject *name = method_call("getsockname", listener);
	/* Only host and port, without IPv6's flow information and scope. */
	PyObject *address = name ? PySequence_GetSlice(name, 0, 2) : NULL;

	Py_XDECREF(name);
	if (!address)
		return -1;
	int result = method_do(client, "setblocking", Py_BuildValue("(O)", Py_False));
	if (result == 0)
		result = method_do(client, "connect", Py_BuildValue("(O)", address));
	Py_DECREF(address);
	if (result < 0 && (PyErr_ExceptionMatches(PyExc_BlockingIOError) ||
			   PyErr_ExceptionMatches(PyExc_InterruptedError))) {
		PyErr_Clear();
		result = 0;
	}
	return result < 0 ? -1 : method_do(client, "setblocking", Py_BuildValue("(O)", Py_True));
}

static PyObject *accept_from(PyObject *listener)
{
	PyObject *answer = method_call("accept", listener);
	PyObject *parts = answer ? unpack(answer, 2) : NULL;
	PyObject *server = parts ? Py_NewRef(PyTuple_GET_ITEM(parts, 0)) : NULL;

	Py_XDECREF(parts);
	Py_XDECREF(answer);
	return server;
}

/* Whether sock's own name is the peer's name of other: 1, 0, or -1 with an exception. */
static int is_peer(PyObject *sock, PyObject *other)
{
	PyObject *name = method_call("getsockname", sock);
	PyObject *peer = name ? method_call("getpeername", other) : NULL;
	int result = peer ? PyObject_RichCompareBool(name, peer, Py_EQ) : -1;

	Py_XDECREF(peer);
	Py_XDECREF(name);
	return result;
}

/* Refuses a connection that another client has made to the listener first. */
static int check_peers(PyObject *server, PyObject *client)
{
	int result = is_peer(server, client);

	if (result > 0)
		result = is_peer(client, server);
	if (result == 0)
		PyErr_SetString(PyExc_ConnectionError, "Unexpected peer connection");
	return result > 0 ? 0 : -1;
}

/* The pair, or NULL after closing both ends. Without a server an exception is set. */
static PyObject *finish_pair(PyObject *server, PyObject *client)
{
	if (server && check_peers(server, client) == 0)
		return tuple_of(server, client);
	if (server)
		close_raised(server);
	close_raised(client);
	return NULL;
}

static int check_fallback(const struct pair *pair)
{
	if (pair->family != AF_INET && pair->family != AF_INET6)
		PyErr_SetString(PyExc_ValueError, "Only AF_INET and AF_INET6 socket address "
						  "families are supported");
	else if (pair->type != SOCK_STREAM)
		PyErr_SetString(PyExc_ValueError, "Only SOCK_STREAM socket type is supported");
	else if (pair->protocol != 0)
		PyErr_SetString(PyExc_ValueError, "Only protocol zero is supported");
	else
		return 0;
	error_note("given family %d, type %d, protocol %d", pair->family, pair->type,
		   pair->protocol);
	return -1;
}

/* Closes the listener, with or without an exception set: -1 if one is set at the end. */
static int close_listener(PyObject *listener)
{
	if (PyErr_Occurred()) {
		close_raised(listener);
		return -1;
	}
	int result = method_do(listener, "close", PyTuple_New(0));
	Py_DECREF(listener);
	return result;
}

const char loopback_pair_doc[] =
	"_fallback_socketpair(family=2, type=1, proto=0)\n--\n\n"
	"A pair of TCP sockets that are connected over this machine's loopback interface.";

PyObject *mod_loopback_pair(PyObject *module, PyObject *const *args, Py_ssize_t count,
			    PyObject *names)
{
	struct module_state *state = module_state(module);
	struct pair pair = {AF_INET, SOCK_STREAM, 0};
	PyObject *server = NULL;

	if (pair_parse("_fallback_socketpair", args, count, names, &pair) < 0 ||
	    check_fallback(&pair) < 0)
		return NULL;
	PyObject *listener = open_listener(state, &pair);
	if (!listener)
		return NULL;
	PyObject *client = open_socket(state, &pair);
	if (client && begin_connect(client, listener) == 0)
		server = accept_from(listener);
	if (close_listener(listener) < 0 && server) {
		close_raised(server);
		server = NULL;
	}
	return client ? finish_pair(server, client) : NULL;
}
