/*
 * The resolver: getaddrinfo and getnameinfo.
 */
#include "functions/resolver.h"
#include "reuse/tuples.h"

#include <stdbool.h>
#include <stdio.h>

#include "convert/address.h"
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "functions/functions.h"
#include "gil/release.h"
#include "names/enums.h"

/* A lookup, which is made without the GIL if the resolver has to be asked. */
struct lookup {
	const char *host;
	const char *service;
	struct csock_hints hints;
	struct csock_resolution *found;
};

static int look_up(void *arguments)
{
	struct lookup *lookup = arguments;

	return csock_resolve(lookup->host, lookup->service, &lookup->hints, CSOCK_NEVER,
			     &lookup->found);
}

/* The host of getaddrinfo(): 0, or -1 with an exception. */
static int resolver_host(PyObject *object, PyObject **owner, const char **text)
{
	if (object != Py_None && !PyUnicode_Check(object) && !PyBytes_Check(object)) {
		PyErr_SetString(PyExc_TypeError, "getaddrinfo() argument 1 must be string or None");
		error_note("given %s", Py_TYPE(object)->tp_name);
		return -1;
	}
	return host_from_python(object, owner, text);
}

/* The port of getaddrinfo(), as the text that the resolver takes. */
struct service {
	const char *text; /* NULL for None; borrows from the others */
	PyObject *owner;
	char digits[sizeof "-9223372036854775808"];
};

static const char *write_digits(struct service *service, Py_ssize_t number)
{
	char *text = service->digits + sizeof service->digits;

	*--text = '\0';
	do
		*--text = (char)('0' + number % 10);
	while (number /= 10);
	return text;
}

static int resolver_service(PyObject *object, struct service *service)
{
	Py_ssize_t number;

	*service = (struct service){0};
	if (object == Py_None)
		return 0;
	if (int_is_small(object, &number) && number >= 0) {
		service->text = write_digits(service, number);
		return 0;
	}
	if (PyUnicode_Check(object) || PyBytes_Check(object)) {
		service->owner = Py_NewRef(object);
	} else if (PyIndex_Check(object)) {
		service->owner = PyNumber_ToBase(object, 10);
	} else {
		PyErr_SetString(PyExc_OSError, "Int or String expected");
		error_note("getaddrinfo(): port must be int, str, bytes or None, not %s",
			   Py_TYPE(object)->tp_name);
	}
	if (service->owner)
		service->text = PyBytes_Check(service->owner) ? PyBytes_AS_STRING(service->owner)
							      : PyUnicode_AsUTF8(service->owner);
	return service->text ? 0 : -1;
}

/* Makes a member of an enum, or a plain int. */
typedef PyObject *make_number(struct module_state *state, enum enum_id id, long value);

static PyObject *plain_number(struct module_state *state, enum enum_id id, long value)
{
	(void)state;
	(void)id;
	return PyLong_FromLong(value);
}

static PyObject *result_to_python(struct module_state *state, const struct csock_resolved *result,
				  make_number *make)
{
	const char *text = result->canonical_name ? result->canonical_name : "";
	PyObject *family = make(state, ENUM_ADDRESS_FAMILY, result->family);
	PyObject *type = family ? make(state, ENUM_SOCKET_KIND, result->type) : NULL;
	PyObject *protocol = type ? PyLong_FromLong(result->protocol) : NULL;
	PyObject *name = protocol ? PyUnicode_FromString(text) : NULL;
	PyObject *address = name ? address_to_python(state, &result->addr, NULL) : NULL;

	return tuple_of(family, type, protocol, name, address);
}

static PyObject *results_to_python(struct module_state *state, struct csock_resolution *resolution,
				   make_number *make)
{
	const struct csock_resolved *result;
	PyObject *list = PyList_New(0);

	while (list && (result = csock_resolution_next(resolution))) {
		PyObject *entry = result_to_python(state, result, make);
		if (!entry || PyList_Append(list, entry) < 0)
			Py_CLEAR(list);
		Py_XDECREF(entry);
	}
	return list;
}

struct csock_resolution *resolution_from_python(struct module_state *state, PyObject *host,
						PyObject *port, const struct csock_hints *hints)
{
	struct lookup lookup = {.hints = *hints};
	PyObject *host_owner = NULL;
	struct service service = {0};

	if (resolver_host(host, &host_owner, &lookup.host) == 0 &&
	    resolver_service(port, &service) == 0 &&
	    PySys_Audit("socket.getaddrinfo", "OOiii", host, port, hints->family, hints->type,
			hints->protocol) == 0) {
		lookup.service = service.text;
		int status =
			csock_resolve(lookup.host, lookup.service, hints, CSOCK_NOW, &lookup.found);
		if (status < 0 && csock_status_would_wait(status))
			status = call_without_gil(look_up, &lookup);
		if (status < 0)
			raise_status(state, status);
	}
	Py_XDECREF(service.owner);
	Py_XDECREF(host_owner);
	return lookup.found;
}

const char getaddrinfo_doc[] = PyDoc_STR(
	"getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)\n--\n\n"
	"Look up a host and port. Return a list of tuples (family, type, proto, canonname,\n"
	"sockaddr): the first three are for socket(), and sockaddr is for its connect().\n\n"
	"host is a name or numeric address, or None for this machine. port is a number, the\n"
	"name of a service, or None. family, type and proto narrow the results, 0 for any;\n"
	"flags are AI_*. canonname is '' without AI_CANONNAME. gaierror if nothing is found.");

static PyObject *look_up_all(struct module_state *state, PyObject *const *args, Py_ssize_t count,
			     PyObject *names, make_number *make)
{
	static const char *const parameters[] = {"host",  "port",  "family", "type",
						 "proto", "flags", NULL};
	static const struct signature signature = {"getaddrinfo", parameters, 2, 6};
	struct csock_hints hints = {0};
	PyObject *values[6];

	if (arguments_parse(&signature, args, count, names, values) < 0 ||
	    optional_int(values[2], &hints.family) < 0 ||
	    optional_int(values[3], &hints.type) < 0 ||
	    optional_int(values[4], &hints.protocol) < 0 ||
	    optional_int(values[5], &hints.flags) < 0)
		return NULL;
	struct csock_resolution *found =
		resolution_from_python(state, values[0], values[1], &hints);
	PyObject *list = found ? results_to_python(state, found, make) : NULL;
	csock_resolution_free(found);
	return list;
}

PyObject *mod_getaddrinfo(PyObject *module, PyObject *const *args, Py_ssize_t count,
			  PyObject *names)
{
	return look_up_all(module_state(module), args, count, names, enum_member);
}

static PyObject *mod_getaddrinfo_raw(PyObject *module, PyObject *const *args, Py_ssize_t count,
				     PyObject *names)
{
	return look_up_all(module_state(module), args, count, names, plain_number);
}

bool is_own_getaddrinfo(const struct module_state *state, PyObject *object)
{
	return PyCFunction_CheckExact(object) && PyCFunction_GET_SELF(object) == state->module &&
	       PyCFunction_GET_FUNCTION(object) == AS_METHOD(mod_getaddrinfo);
}

/* The arguments and results of getnameinfo(). */
struct name_query {
	const char *host;
	int port;
	uint32_t flowinfo;
	uint32_t scope_id;
	int flags;
	struct csock_addr addr;
	char found_host[CSOCK_HOST_NAME_MAX];
	char found_service[CSOCK_SERVICE_NAME_MAX];
};

/* The largest flow label (RFC 6437). */
#define FLOWINFO_MAX 0xfffff

/* The low 32 bits of an int, as stock takes these fields. */
static int parse_low_bits(PyObject *object, uint32_t *value)
{
	unsigned long long bits = PyLong_AsUnsignedLongLongMask(object);

	if (bits == ULLONG_MAX && PyErr_Occurred())
		return -1;
	*value = (uint32_t)bits;
	return 0;
}

static int parse_sockaddr(PyObject *sockaddr, struct name_query *query)
{
	if (!PyTuple_Check(sockaddr)) {
		PyErr_SetString(PyExc_TypeError, "getnameinfo() argument 1 must be a tuple");
		error_note("not %s", Py_TYPE(sockaddr)->tp_name);
		return -1;
	}
	Py_ssize_t size = PyTuple_GET_SIZE(sockaddr);
	if (size < 2 || size > 4 || !PyUnicode_Check(PyTuple_GET_ITEM(sockaddr, 0))) {
		PyErr_SetString(PyExc_TypeError, "getnameinfo(): illegal sockaddr argument");
		error_note("given %R, must be (host, port[, flowinfo[, scope_id]])", sockaddr);
		return -1;
	}
	query->host = argument_text("getnameinfo", "host", PyTuple_GET_ITEM(sockaddr, 0));
	if (!query->host || argument_int(PyTuple_GET_ITEM(sockaddr, 1), &query->port) < 0 ||
	    (size > 2 && parse_low_bits(PyTuple_GET_ITEM(sockaddr, 2), &query->flowinfo) < 0) ||
	    (size > 3 && parse_low_bits(PyTuple_GET_ITEM(sockaddr, 3), &query->scope_id) < 0))
		return -1;
	if (query->flowinfo <= FLOWINFO_MAX)
		return 0;
	PyErr_Format(PyExc_OverflowError, "getnameinfo(): flowinfo must be 0-%d.", FLOWINFO_MAX);
	error_note("given %R", PyTuple_GET_ITEM(sockaddr, 2));
	return -1;
}

/* The one address that a numeric host and a port stand for. */
static int numeric_address(struct module_state *state, struct name_query *query)
{
	char service[sizeof "-2147483648"];
	struct lookup lookup = {
		.host = query->host,
		.service = service,
		.hints = {.type = SOCK_DGRAM, .flags = AI_NUMERICHOST},
	};

	snprintf(service, sizeof service, "%d", query->port);
	int status = call_without_gil(look_up, &lookup);
	if (status < 0) {
		raise_status(state, status);
		return -1;
	}
	query->addr = csock_resolution_next(lookup.found)->addr;
	bool ambiguous = csock_resolution_next(lookup.found) != NULL;
	csock_resolution_free(lookup.found);
	if (!ambiguous)
		return 0;
	PyErr_SetString(PyExc_OSError, "sockaddr resolved to multiple addresses");
	error_note("given '%s'", query->host);
	return -1;
}

/* Checks the form of the address against its family, and sets the fields that only IPv6 has. */
static int complete_address(struct module_state *state, PyObject *sockaddr,
			    struct name_query *query)
{
	struct csock_values values;
	struct csock_addr complete;
	int family = csock_addr_family(&query->addr);

	if (family == AF_INET && PyTuple_GET_SIZE(sockaddr) != 2) {
		PyErr_SetString(PyExc_OSError, "IPv4 sockaddr must be 2 tuple");
		error_note("given %R, must be (host, port)", sockaddr);
		return -1;
	}
	if (family != AF_INET6)
		return 0;
	int status = csock_addr_decode(&query->addr, NULL, &values);
	if (status >= 0) {
		values.item[2].integer = query->flowinfo;
		values.item[3].integer = query->scope_id;
		status = csock_addr_encode(csock_family_find(family, CSOCK_ANY_PROTOCOL),
					   values.item, values.count, NULL, CSOCK_NOW, &complete);
	}
	if (status < 0) {
		raise_status(state, status);
		return -1;
	}
	query->addr = complete;
	return 0;
}

static int find_name(void *arguments)
{
	struct name_query *query = arguments;

	return csock_getnameinfo(&query->addr, query->flags, query->found_host,
				 query->found_service);
}

PyDoc_STRVAR(
	getnameinfo_doc,
	"getnameinfo(sockaddr, flags, /)\n--\n\n"
	"Return the names of the host and the service at an address: a tuple of two str.\n\n"
	"sockaddr is (host, port), for IPv6 also with flowinfo and scope_id; its host must be\n"
	"numeric. flags are NI_*: with NI_NUMERICHOST and NI_NUMERICSERV nothing is looked up.");

static PyObject *mod_getnameinfo(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	struct module_state *state = module_state(module);
	struct name_query query = {0};

	if (arguments_check("getnameinfo", count, 2, 2) < 0 ||
	    argument_int(args[1], &query.flags) < 0 || parse_sockaddr(args[0], &query) < 0 ||
	    PySys_Audit("socket.getnameinfo", "(O)", args[0]) < 0 ||
	    numeric_address(state, &query) < 0 || complete_address(state, args[0], &query) < 0)
		return NULL;
	int status = call_without_gil(find_name, &query);
	if (status < 0)
		return raise_status(state, status);
	PyObject *host = PyUnicode_DecodeFSDefault(query.found_host);
	return host ? Py_BuildValue("(Ns)", host, query.found_service) : NULL;
}

PyMethodDef resolver_functions[] = {
	{"getaddrinfo", WITH_NAMES(mod_getaddrinfo_raw), getaddrinfo_doc},
	{"getnameinfo", FAST(mod_getnameinfo), getnameinfo_doc},
	{NULL, NULL, 0, NULL},
};
