/*
 * create_connection: a socket that is connected to a host by name.
 */
#include "convert/address.h"
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "functions/functions.h"
#include "functions/resolver.h"
#include "published.h"
#include "socket/methods.h"

#include <stdbool.h>

/* The arguments of create_connection() that every address needs. Borrowed references. */
struct connection_request {
	PyObject *timeout; /* NULL for the default */
	PyObject *source_address;
	bool all_errors;
};

/* Calls a method with one argument, and drops the result: 0, or -1 with an exception. */
static int do_with(struct module_state *state, PyObject *sock, PyObject *name,
		   PyObject *(*method)(PyObject *, PyObject *), PyObject *argument)
{
	PyObject *done = sock_is_plain(state, sock)
				 ? method(sock, argument)
				 : PyObject_CallMethodOneArg(sock, name, argument);

	Py_XDECREF(done);
	return done ? 0 : -1;
}

static int connect_socket(struct module_state *state, const struct connection_request *request,
			  PyObject *sock, PyObject *address)
{
	const struct hot_names *names = &state->names;

	if (request->timeout &&
	    do_with(state, sock, names->settimeout, sock_settimeout, request->timeout) < 0)
		return -1;
	int bound = PyObject_IsTrue(request->source_address);
	if (bound < 0 ||
	    (bound && method_do(sock, "bind", Py_BuildValue("(O)", request->source_address)) < 0))
		return -1;
	return do_with(state, sock, names->connect, sock_connect, address);
}

/* The socket, connected; or NULL with an exception, after closing it. NULL is passed on. */
static PyObject *connected(struct module_state *state, const struct connection_request *request,
			   PyObject *sock, PyObject *address)
{
	if (!sock || (address && connect_socket(state, request, sock, address) == 0))
		return sock;
	close_raised(sock);
	return NULL;
}

/* A socket connected to one result of getaddrinfo(), or NULL with an exception. */
static PyObject *connect_to_result(struct module_state *state,
				   const struct connection_request *request, PyObject *result)
{
	PyObject *parts = unpack(result, 5);

	if (!parts)
		return NULL;
	PyObject *const arguments[] = {
		PyTuple_GET_ITEM(parts, 0),
		PyTuple_GET_ITEM(parts, 1),
		PyTuple_GET_ITEM(parts, 2),
	};
	PyObject *type = published_as(state, state->names.socket);
	PyObject *sock = type ? PyObject_Vectorcall(type, arguments, 3, NULL) : NULL;
	Py_XDECREF(type);
	sock = connected(state, request, sock, PyTuple_GET_ITEM(parts, 4));
	Py_DECREF(parts);
	return sock;
}

/* The same for a result of the library, without making a tuple of it. */
static PyObject *connect_to_resolved(struct module_state *state,
				     const struct connection_request *request,
				     const struct csock_resolved *resolved)
{
	PyObject *sock = sock_open(state, resolved->family, resolved->type, resolved->protocol);
	PyObject *address = sock ? address_to_python(state, &resolved->addr, NULL) : NULL;

	sock = connected(state, request, sock, address);
	Py_XDECREF(address);
	return sock;
}

/*
 * Moves the OSError that is set into the list, which holds the last one or all of them. Makes the
 * list for the first error. Returns -1 for another exception.
 */
static int collect_error(PyObject **errors, bool all_errors)
{
	if (!PyErr_ExceptionMatches(PyExc_OSError))
		return -1;
	PyObject *error = exception_take();
	if (!*errors)
		*errors = PyList_New(0);
	int result = *errors ? 0 : -1;
	if (result == 0 && !all_errors)
		result = PyList_SetSlice(*errors, 0, PyList_GET_SIZE(*errors), NULL);
	if (result == 0)
		result = PyList_Append(*errors, error);
	Py_DECREF(error);
	return result;
}

/* Raises the collected errors; NULL if there are none. */
static void raise_collected(PyObject *errors, bool all_errors)
{
	if (!errors) {
		PyErr_SetString(PyExc_OSError, "getaddrinfo returns an empty list");
		return;
	}
	/* The base type makes an ExceptionGroup if all members are Exceptions. */
	PyObject *raised = all_errors ? PyObject_CallFunction(PyExc_BaseExceptionGroup, "sO",
							      "create_connection failed", errors)
				      : Py_NewRef(PyList_GET_ITEM(errors, 0));
	if (raised)
		exception_raise(raised);
}

/* The first socket that connects, of the results of the published getaddrinfo. */
static PyObject *connect_to_any(struct module_state *state,
				const struct connection_request *request, PyObject *results,
				PyObject **errors)
{
	PyObject *iterator = PyObject_GetIter(results);
	PyObject *sock = NULL;
	PyObject *result;
	int collected = 0;

	if (!iterator)
		return NULL;
	while (!sock && collected == 0 && (result = PyIter_Next(iterator))) {
		sock = connect_to_result(state, request, result);
		Py_DECREF(result);
		if (!sock)
			collected = collect_error(errors, request->all_errors);
	}
	Py_DECREF(iterator);
	return sock;
}

/*
 * The first socket that connects, of those that the resolver knows. It is not made of
 * csock_connect_any: for each address there are audit events, a timeout of its own, and an
 * exception that is kept.
 */
static PyObject *connect_to_any_resolved(struct module_state *state,
					 const struct connection_request *request,
					 struct csock_resolution *resolution, PyObject **errors)
{
	const struct csock_resolved *resolved;
	PyObject *sock = NULL;
	int collected = 0;

	while (!sock && collected == 0 && (resolved = csock_resolution_next(resolution))) {
		sock = connect_to_resolved(state, request, resolved);
		if (!sock)
			collected = collect_error(errors, request->all_errors);
	}
	return sock;
}

/* Asks the published getaddrinfo for streams to the host. */
static PyObject *look_up(PyObject *function, PyObject *host, PyObject *port)
{
	PyObject *any_family = PyLong_FromLong(0), *kind = PyLong_FromLong(SOCK_STREAM);
	PyObject *const arguments[] = {host, port, any_family, kind};
	PyObject *results =
		any_family && kind ? PyObject_Vectorcall(function, arguments, 4, NULL) : NULL;

	Py_XDECREF(kind);
	Py_XDECREF(any_family);
	return results;
}

static PyObject *resolve_and_connect_to(struct module_state *state,
					const struct connection_request *request, PyObject *host,
					PyObject *port, PyObject **errors)
{
	PyObject *function = published_as(state, state->names.getaddrinfo);
	PyObject *sock = NULL;

	if (function && is_own_getaddrinfo(state, function) && sock_type_stands(state)) {
		const struct csock_hints hints = {.type = SOCK_STREAM};
		struct csock_resolution *found = resolution_from_python(state, host, port, &hints);
		if (found)
			sock = connect_to_any_resolved(state, request, found, errors);
		csock_resolution_free(found);
	} else if (function) {
		PyObject *results = look_up(function, host, port);
		if (results)
			sock = connect_to_any(state, request, results, errors);
		Py_XDECREF(results);
	}
	Py_XDECREF(function);
	return sock;
}

static PyObject *resolve_and_connect(struct module_state *state,
				     const struct connection_request *request, PyObject *address)
{
	PyObject *pair = unpack(address, 2);
	PyObject *errors = NULL;

	if (!pair)
		return NULL;
	PyObject *sock = resolve_and_connect_to(state, request, PyTuple_GET_ITEM(pair, 0),
						PyTuple_GET_ITEM(pair, 1), &errors);
	if (!sock && !PyErr_Occurred())
		raise_collected(errors, request->all_errors);
	Py_XDECREF(errors);
	Py_DECREF(pair);
	return sock;
}

PyDoc_STRVAR(create_connection_doc,
	     "create_connection(address, timeout=..., source_address=None, *,"
	     " all_errors=False)\n--\n\n"
	     "Return a TCP socket connected to address, a pair (host, port).\n\n"
	     "The addresses that getaddrinfo() finds for the host are tried in order. Each may\n"
	     "take timeout seconds: by default getdefaulttimeout(), None for no limit.\n"
	     "source_address is a pair to bind to first; '' and 0 leave the choice to the system.\n"
	     "If all fail, the last error is raised, or with all_errors an ExceptionGroup of all.");

static PyObject *mod_create_connection(PyObject *module, PyObject *const *args, Py_ssize_t count,
				       PyObject *names)
{
	static const char *const parameters[] = {"address", "timeout", "source_address",
						 "all_errors", NULL};
	static const struct signature signature = {"create_connection", parameters, 1, 3};
	struct module_state *state = module_state(module);
	PyObject *values[4];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	int all_errors = values[3] ? PyObject_IsTrue(values[3]) : 0;
	if (all_errors < 0)
		return NULL;
	const struct connection_request request = {
		.timeout = values[1] == state->default_timeout_marker ? NULL : values[1],
		.source_address = values[2] ? values[2] : Py_None,
		.all_errors = all_errors > 0,
	};
	return resolve_and_connect(state, &request, values[0]);
}

PyMethodDef create_connection_functions[] = {
	{"create_connection", WITH_NAMES(mod_create_connection), create_connection_doc},
	{NULL, NULL, 0, NULL},
};
