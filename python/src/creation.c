/*
 * Sockets ready for use: connected to a host by name, or listening.
 */
#include "address.h"
#include "arguments.h"
#include "errors.h"
#include "functions.h"
#include "methods.h"
#include "objects.h"
#include "resolver.h"

#include <stdbool.h>

/* What create_connection() does with each address. Borrowed. */
struct connection_request {
	PyObject *timeout; /* NULL for the default */
	PyObject *source_address;
	bool all_errors;
};

/* Calls a method with one argument, and drops what it returns: 0, or -1 with an exception. */
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

/* The socket itself, connected; or NULL with an exception, and closed. NULL is passed on. */
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
	PyObject *type = published_as(state, state->names.socket);
	PyObject *sock =
		type ? PyObject_Vectorcall(type, ((PyTupleObject *)parts)->ob_item, 3, NULL) : NULL;
	Py_XDECREF(type);
	sock = connected(state, request, sock, PyTuple_GET_ITEM(parts, 4));
	Py_DECREF(parts);
	return sock;
}

/* The same without the objects that a result is made of. */
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
 * Moves the OSError that is set into the list, which holds the last one or all of them, and is made
 * for the first. -1 for another exception.
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

/* Raises what has been collected, NULL for nothing. */
static void raise_collected(PyObject *errors, bool all_errors)
{
	if (!errors) {
		PyErr_SetString(PyExc_OSError, "getaddrinfo returns an empty list");
		return;
	}
	/* The base type makes an ExceptionGroup where nothing but an Exception is in it. */
	PyObject *raised = all_errors ? PyObject_CallFunction(PyExc_BaseExceptionGroup, "sO",
							      "create_connection failed", errors)
				      : Py_NewRef(PyList_GET_ITEM(errors, 0));
	if (raised)
		exception_raise(raised);
}

/* The first socket that connects, of the results of whatever stands as getaddrinfo. */
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

/* The first socket that connects, of those that the resolver knows. */
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

/* Asks a function that stands as getaddrinfo what it knows of streams to the host. */
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

/* Whether sockets are made by csocket's own type, whose methods nobody has replaced. */
static bool makes_plain_sockets(struct module_state *state)
{
	PyObject *type = published_as(state, state->names.socket);
	bool is_own = type == (PyObject *)state->socket_type &&
		      type_is_own(state->socket_type, sock_own_methods, &state->socket_watch);

	Py_XDECREF(type);
	PyErr_Clear();
	return is_own;
}

static PyObject *resolve_and_connect_to(struct module_state *state,
					const struct connection_request *request, PyObject *host,
					PyObject *port, PyObject **errors)
{
	PyObject *function = published_as(state, state->names.getaddrinfo);
	PyObject *sock = NULL;

	if (function && is_own_getaddrinfo(state, function) && makes_plain_sockets(state)) {
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
	     "A TCP socket connected to address, a pair (host, port).\n\n"
	     "Each address that getaddrinfo() knows for the host is tried in its order, and each\n"
	     "may take timeout seconds: by default getdefaulttimeout(), None for no limit.\n"
	     "source_address is a pair to bind to first; '' and 0 leave the choice to the system.\n"
	     "Where all fail, the last error is raised, or with all_errors an ExceptionGroup of\n"
	     "them all.");

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

/* Sets an option by the names of its level and number, which the headers may not have. */
static int set_option(PyObject *sock, const char *level_name, const char *option_name, int value)
{
	const struct csock_constant *level = csock_constant_find(level_name);
	const struct csock_constant *option = csock_constant_find(option_name);

	if (!level || !option) {
		PyErr_Format(PyExc_OSError, "%s is not supported on this platform", option_name);
		return -1;
	}
	return method_do(sock, "setsockopt",
			 Py_BuildValue("(LLi)", (long long)level->integer,
				       (long long)option->integer, value));
}

/* What a published flag says: 1, 0, or -1 with an exception. */
static int published_truth(struct module_state *state, const char *name)
{
	PyObject *flag = published(state, name);
	int truth = flag ? PyObject_IsTrue(flag) : -1;

	Py_XDECREF(flag);
	return truth;
}

/* Clears the OSError that is set: 0, or -1 where it is another exception. */
static int forgive_os_error(void)
{
	if (!PyErr_ExceptionMatches(PyExc_OSError))
		return -1;
	PyErr_Clear();
	return 0;
}

PyDoc_STRVAR(has_dualstack_ipv6_doc,
	     "has_dualstack_ipv6()\n--\n\n"
	     "Whether one TCP socket can take both IPv4 and IPv6 connections here.");

static PyObject *mod_has_dualstack_ipv6(PyObject *module, PyObject *ignored)
{
	struct module_state *state = module_state(module);
	int has_ipv6 = published_truth(state, "has_ipv6");

	(void)ignored;
	if (has_ipv6 <= 0)
		return has_ipv6 < 0 ? NULL : Py_NewRef(Py_False);
	PyObject *sock =
		published_call(state, "socket", Py_BuildValue("(ii)", AF_INET6, SOCK_STREAM));
	int result = sock ? set_option(sock, "IPPROTO_IPV6", "IPV6_V6ONLY", 0) : -1;
	if (sock && result < 0) {
		close_raised(sock);
	} else if (sock) {
		result = method_do(sock, "close", PyTuple_New(0));
		Py_DECREF(sock);
	}
	if (result < 0)
		return forgive_os_error() < 0 ? NULL : Py_NewRef(Py_False);
	Py_RETURN_TRUE;
}

/* What create_server() is asked for. Borrowed. */
struct server_request {
	PyObject *address;
	PyObject *family;
	PyObject *backlog;
	int reuse_port;
	int dualstack;
};

/* Refuses what the platform or the family cannot do: 0, or -1 with ValueError. */
static int check_request(struct module_state *state, const struct server_request *request)
{
	if (request->reuse_port && !csock_constant_find("SO_REUSEPORT")) {
		PyErr_SetString(PyExc_ValueError, "SO_REUSEPORT not supported on this platform");
		return -1;
	}
	if (!request->dualstack)
		return 0;
	PyObject *has = published_call(state, "has_dualstack_ipv6", PyTuple_New(0));
	int supported = has ? PyObject_IsTrue(has) : -1;
	Py_XDECREF(has);
	if (supported == 0)
		PyErr_SetString(PyExc_ValueError, "dualstack_ipv6 not supported on this platform");
	if (supported <= 0)
		return -1;
	int matches = equals_int(request->family, AF_INET6);
	if (matches == 0)
		PyErr_Format(PyExc_ValueError, "dualstack_ipv6 requires AF_INET6 family, not %R",
			     request->family);
	return matches > 0 ? 0 : -1;
}

static int set_reuse_port(const struct server_request *request, PyObject *sock, int is_inet6)
{
	int is_inet = is_inet6 ? 0 : equals_int(request->family, AF_INET);

	/* From Linux 6.12.9 on no other families take it. */
	if (is_inet < 0 || (!is_inet6 && !is_inet))
		return is_inet;
	return set_option(sock, "SOL_SOCKET", "SO_REUSEPORT", 1);
}

static int set_options(struct module_state *state, const struct server_request *request,
		       PyObject *sock)
{
	int is_inet6 = equals_int(request->family, AF_INET6);

	if (is_inet6 < 0)
		return -1;
	/* Families without the option say so; a port in use shows in bind(). */
	if (set_option(sock, "SOL_SOCKET", "SO_REUSEADDR", 1) < 0 && forgive_os_error() < 0)
		return -1;
	if (request->reuse_port && set_reuse_port(request, sock, is_inet6) < 0)
		return -1;
	int chooses = is_inet6 ? published_truth(state, "has_ipv6") : 0;
	if (chooses <= 0)
		return chooses;
	return set_option(sock, "IPPROTO_IPV6", "IPV6_V6ONLY", !request->dualstack);
}

/* An OSError like the given one, whose message names the address. */
static PyObject *error_with_address(PyObject *error, PyObject *address)
{
	PyObject *number = attribute(error, "errno");
	PyObject *text = number ? attribute(error, "strerror") : NULL;
	PyObject *message = NULL;
	PyObject *named = NULL;

	if (text)
		message = PyUnicode_FromFormat("%S (while attempting to bind on address %R)",
					       text == Py_None ? error : text, address);
	if (message && number == Py_None)
		named = PyObject_CallOneArg(PyExc_OSError, message);
	else if (message)
		named = PyObject_CallFunctionObjArgs(PyExc_OSError, number, message, NULL);
	Py_XDECREF(message);
	Py_XDECREF(text);
	Py_XDECREF(number);
	return named;
}

/* Calls bind(), and names the address if that fails. */
static int bind_socket(PyObject *sock, PyObject *address)
{
	if (method_do(sock, "bind", Py_BuildValue("(O)", address)) == 0)
		return 0;
	if (!PyErr_ExceptionMatches(PyExc_OSError))
		return -1;
	PyObject *error = exception_take();
	PyObject *named = error_with_address(error, address);
	Py_DECREF(error);
	if (named) {
		/* No cause, and no context either: "from None". */
		PyException_SetCause(named, NULL);
		exception_raise(named);
		error_name_address(address);
	}
	return -1;
}

static int start_server(struct module_state *state, const struct server_request *request,
			PyObject *sock)
{
	if (set_options(state, request, sock) < 0 || bind_socket(sock, request->address) < 0)
		return -1;
	if (request->backlog == Py_None)
		return method_do(sock, "listen", PyTuple_New(0));
	return method_do(sock, "listen", Py_BuildValue("(O)", request->backlog));
}

static PyObject *make_server(struct module_state *state, const struct server_request *request)
{
	if (check_request(state, request) < 0)
		return NULL;
	PyObject *sock = published_call(state, "socket",
					Py_BuildValue("(Oi)", request->family, SOCK_STREAM));
	if (sock && start_server(state, request, sock) < 0) {
		close_raised(sock);
		sock = NULL;
	}
	return sock;
}

PyDoc_STRVAR(create_server_doc,
	     "create_server(address, *, family=2, backlog=None, reuse_port=False,"
	     " dualstack_ipv6=False)\n--\n\n"
	     "A TCP socket that listens on address, a pair (host, port).\n\n"
	     "family is AF_INET or AF_INET6, backlog what listen() takes. reuse_port lets several\n"
	     "sockets listen on the port (SO_REUSEPORT); dualstack_ipv6 makes an AF_INET6 socket\n"
	     "take IPv4 connections too. ValueError where the platform cannot do what is asked.");

static PyObject *mod_create_server(PyObject *module, PyObject *const *args, Py_ssize_t count,
				   PyObject *names)
{
	static const char *const parameters[] = {"address",    "family",         "backlog",
						 "reuse_port", "dualstack_ipv6", NULL};
	static const struct signature signature = {"create_server", parameters, 1, 1};
	PyObject *values[5];

	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	struct server_request request = {
		.address = values[0],
		.backlog = values[2] ? values[2] : Py_None,
		.reuse_port = values[3] ? PyObject_IsTrue(values[3]) : 0,
	};
	if (request.reuse_port < 0)
		return NULL;
	request.dualstack = values[4] ? PyObject_IsTrue(values[4]) : 0;
	if (request.dualstack < 0)
		return NULL;
	request.family = values[1] ? Py_NewRef(values[1]) : PyLong_FromLong(AF_INET);
	PyObject *sock = request.family ? make_server(module_state(module), &request) : NULL;
	Py_XDECREF(request.family);
	return sock;
}

PyMethodDef creation_functions[] = {
	{"create_connection", WITH_NAMES(mod_create_connection), create_connection_doc},
	{"create_server", WITH_NAMES(mod_create_server), create_server_doc},
	{"has_dualstack_ipv6", mod_has_dualstack_ipv6, METH_NOARGS, has_dualstack_ipv6_doc},
	{NULL, NULL, 0, NULL},
};
