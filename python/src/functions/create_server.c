/*
 * create_server: a listening socket, on request for both versions of IP.
 */
#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "convert/system.h"
#include "functions/functions.h"
#include "published.h"

#include <stdbool.h>

/* Sets an option by the names of its level and number, which the headers may not have. */
static int set_option(PyObject *sock, const char *level_name, const char *option_name, int value)
{
	struct csock_constant level, option;

	if (!csock_constant_find(level_name, &level) ||
	    !csock_constant_find(option_name, &option)) {
		PyErr_Format(PyExc_OSError, "%s is not supported on this platform", option_name);
		return -1;
	}
	return method_do(
		sock, "setsockopt",
		Py_BuildValue("(LLi)", (long long)level.integer, (long long)option.integer, value));
}

/* The truth of a published flag: 1, 0, or -1 with an exception. */
static int published_truth(struct module_state *state, const char *name)
{
	PyObject *flag = published(state, name);
	int truth = flag ? PyObject_IsTrue(flag) : -1;

	Py_XDECREF(flag);
	return truth;
}

/* Clears the OSError that is set: 0, or -1 for another exception. */
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

/* The arguments of create_server(), borrowed. */
struct server_request {
	PyObject *address;
	PyObject *family;
	PyObject *backlog;
	int reuse_port;
	int dualstack;
};

/* Refuses a request that the platform or the family cannot fulfil: 0, or -1 with ValueError. */
static int check_request(struct module_state *state, const struct server_request *request)
{
	if (request->reuse_port && !csock_constant_find("SO_REUSEPORT", NULL)) {
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
	int matches = compare_int(request->family, AF_INET6, Py_EQ);
	if (matches == 0) {
		PyErr_SetString(PyExc_ValueError, "dualstack_ipv6 requires AF_INET6 family");
		error_note("given %R", request->family);
	}
	return matches > 0 ? 0 : -1;
}

static int set_reuse_port(const struct server_request *request, PyObject *sock, int is_inet6)
{
	int is_inet = is_inet6 ? 0 : compare_int(request->family, AF_INET, Py_EQ);

	/* From Linux 6.12.9 on no other family accepts it. */
	if (is_inet < 0 || (!is_inet6 && !is_inet))
		return is_inet;
	return set_option(sock, "SOL_SOCKET", "SO_REUSEPORT", 1);
}

/*
 * The steps of csock_listen_on, as methods of the socket: a program may have replaced the type, and
 * bind() has an audit event.
 */
static int set_options(struct module_state *state, const struct server_request *request,
		       PyObject *sock)
{
	int is_inet6 = compare_int(request->family, AF_INET6, Py_EQ);

	if (is_inet6 < 0)
		return -1;
	/* Families without the option raise OSError. bind() tells if the port is in use. */
	if (system_servers_reuse_addresses &&
	    set_option(sock, "SOL_SOCKET", "SO_REUSEADDR", 1) < 0 && forgive_os_error() < 0)
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
	     "Return a TCP socket that listens on address, a pair (host, port).\n\n"
	     "family is AF_INET or AF_INET6; backlog is that of listen(). reuse_port lets several\n"
	     "sockets listen on the port (SO_REUSEPORT). dualstack_ipv6 makes an AF_INET6 socket\n"
	     "accept IPv4 connections too. ValueError if the platform cannot do it.");

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

PyMethodDef create_server_functions[] = {
	{"create_server", WITH_NAMES(mod_create_server), create_server_doc},
	{"has_dualstack_ipv6", mod_has_dualstack_ipv6, METH_NOARGS, has_dualstack_ipv6_doc},
	{NULL, NULL, 0, NULL},
};
