/*
 * Services and protocols by name and number.
 */
#include <errno.h>
#include <stdbool.h>

#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "functions/functions.h"
#include "gil/release.h"

static bool is_missing(int status)
{
	return csock_status_domain(status) == CSOCK_SYSTEM && csock_status_code(status) == ENOENT;
}

/* The optional second argument of both lookups: false with an exception. */
static bool parse_protocol(const char *function, PyObject *const *args, Py_ssize_t count,
			   const char **protocol)
{
	*protocol = NULL;
	if (count < 2)
		return true;
	*protocol = argument_text(function, "argument 2", args[1]);
	return *protocol != NULL;
}

struct service_query {
	const char *name;
	int port;
	const char *protocol;
	char *found; /* CSOCK_HOST_NAME_MAX bytes */
};

static int find_by_name(void *arguments)
{
	const struct service_query *query = arguments;

	return csock_getservbyname(query->name, query->protocol);
}

static int find_by_port(void *arguments)
{
	const struct service_query *query = arguments;

	return csock_getservbyport(query->port, query->protocol, query->found);
}

static int find_protocol(void *arguments)
{
	const struct service_query *query = arguments;

	return csock_getprotobyname(query->name);
}

PyDoc_STRVAR(getservbyname_doc,
	     "getservbyname(servicename, protocolname=..., /)\n--\n\n"
	     "The port of a service such as 'http', for a protocol ('tcp', 'udp') or for any.\n\n"
	     "OSError if there is no such service.");

static PyObject *mod_getservbyname(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	struct service_query query = {0};

	if (arguments_check("getservbyname", count, 1, 2) < 0)
		return NULL;
	query.name = argument_text("getservbyname", "argument 1", args[0]);
	if (!query.name || !parse_protocol("getservbyname", args, count, &query.protocol) ||
	    PySys_Audit("socket.getservbyname", "ss", query.name, query.protocol) < 0)
		return NULL;
	int port = call_without_gil(find_by_name, &query);
	if (port >= 0)
		return PyLong_FromLong(port);
	if (!is_missing(port))
		return raise_status(module_state(module), port);
	PyErr_SetString(PyExc_OSError, "service/proto not found");
	error_note("service %R, protocol '%s'", args[0], query.protocol ? query.protocol : "any");
	return NULL;
}

PyDoc_STRVAR(getservbyport_doc,
	     "getservbyport(port, protocolname=..., /)\n--\n\n"
	     "The name of the service on a port, for a protocol ('tcp', 'udp') or for any.\n\n"
	     "OSError if there is no such service, OverflowError for a port not in 0-65535.");

static PyObject *mod_getservbyport(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	char name[CSOCK_HOST_NAME_MAX];
	struct service_query query = {.found = name};

	if (arguments_check("getservbyport", count, 1, 2) < 0 ||
	    argument_int(args[0], &query.port) < 0 ||
	    !parse_protocol("getservbyport", args, count, &query.protocol))
		return NULL;
	if (query.port < 0 || query.port > UINT16_MAX) {
		PyErr_SetString(PyExc_OverflowError, "getservbyport: port must be 0-65535.");
		error_note("given %d", query.port);
		return NULL;
	}
	if (PySys_Audit("socket.getservbyport", "is", query.port, query.protocol) < 0)
		return NULL;
	int status = call_without_gil(find_by_port, &query);
	if (status >= 0)
		return PyUnicode_FromString(name);
	if (!is_missing(status))
		return raise_status(module_state(module), status);
	PyErr_SetString(PyExc_OSError, "port/proto not found");
	error_note("port %d, protocol '%s'", query.port, query.protocol ? query.protocol : "any");
	return NULL;
}

PyDoc_STRVAR(getprotobyname_doc, "getprotobyname(protocolname, /)\n--\n\n"
				 "The number of an Internet protocol, such as 'icmp'.\n\n"
				 "OSError if there is no such protocol.");

static PyObject *mod_getprotobyname(PyObject *module, PyObject *name)
{
	struct service_query query = {.name = argument_text("getprotobyname", "argument 1", name)};

	if (!query.name)
		return NULL;
	int number = call_without_gil(find_protocol, &query);
	if (number >= 0)
		return PyLong_FromLong(number);
	if (!is_missing(number))
		return raise_status(module_state(module), number);
	PyErr_SetString(PyExc_OSError, "protocol not found");
	error_note("given %R", name);
	return NULL;
}

PyMethodDef service_functions[] = {
	{"getservbyname", FAST(mod_getservbyname), getservbyname_doc},
	{"getservbyport", FAST(mod_getservbyport), getservbyport_doc},
	{"getprotobyname", mod_getprotobyname, METH_O, getprotobyname_doc},
	{NULL, NULL, 0, NULL},
};
