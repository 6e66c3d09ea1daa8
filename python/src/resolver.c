/*
 * Hosts: addresses for names, and names for addresses.
 */
#include "csocket/csocket.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "arguments.h"
#include "call.h"
#include "enums.h"
#include "errors.h"
#include "functions.h"
#include "objects.h"
#include "scalars.h"

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
	if (PyByteArray_Check(object)) {
		PyErr_SetString(PyExc_TypeError, "getaddrinfo(): host must be str, bytes or None, "
						 "not bytearray");
		return -1;
	}
	return host_from_python(object, owner, text);
}

/* The port of getaddrinfo(), as the text that the resolver takes. *text borrows from *owner. */
static int resolver_service(PyObject *object, PyObject **owner, const char **text)
{
	*owner = NULL;
	*text = NULL;
	if (object == Py_None)
		return 0;
	if (PyUnicode_Check(object) || PyBytes_Check(object))
		*owner = Py_NewRef(object);
	else if (PyIndex_Check(object))
		*owner = PyNumber_ToBase(object, 10);
	else
		PyErr_Format(PyExc_OSError,
			     "getaddrinfo(): port must be int, str, bytes or None, not %s",
			     Py_TYPE(object)->tp_name);
	if (*owner)
		*text = PyBytes_Check(*owner) ? PyBytes_AS_STRING(*owner)
					      : PyUnicode_AsUTF8(*owner);
	if (*text)
		return 0;
	Py_CLEAR(*owner);
	return -1;
}

static PyObject *result_to_python(struct module_state *state, const struct csock_resolved *result)
{
	const char *text = result->canonical_name ? result->canonical_name : "";
	PyObject *family = enum_member(state, ENUM_ADDRESS_FAMILY, result->family);
	PyObject *type = family ? enum_member(state, ENUM_SOCKET_KIND, result->type) : NULL;
	PyObject *protocol = type ? PyLong_FromLong(result->protocol) : NULL;
	PyObject *name = protocol ? PyUnicode_FromString(text) : NULL;
	PyObject *address = name ? address_to_python(state, &result->addr, NULL) : NULL;

	return tuple_of(family, type, protocol, name, address);
}

static PyObject *results_to_python(struct module_state *state, struct csock_resolution *resolution)
{
	const struct csock_resolved *result;
	PyObject *list = PyList_New(0);

	while (list && (result = csock_resolution_next(resolution))) {
		PyObject *entry = result_to_python(state, result);
		if (!entry || PyList_Append(list, entry) < 0)
			Py_CLEAR(list);
		Py_XDECREF(entry);
	}
	return list;
}

/* getaddrinfo() once its numbers are parsed: host and port are still objects. */
static PyObject *resolve(struct module_state *state, PyObject *host, PyObject *port,
			 const struct csock_hints *hints)
{
	struct lookup lookup = {.hints = *hints};
	PyObject *host_owner = NULL, *port_owner = NULL, *list = NULL;

	if (resolver_host(host, &host_owner, &lookup.host) == 0 &&
	    resolver_service(port, &port_owner, &lookup.service) == 0 &&
	    PySys_Audit("socket.getaddrinfo", "OOiii", host, port, hints->family, hints->type,
			hints->protocol) == 0) {
		int status =
			csock_resolve(lookup.host, lookup.service, hints, CSOCK_NOW, &lookup.found);
		if (status < 0 && csock_status_would_wait(status))
			status = call_without_gil(look_up, &lookup);
		if (status < 0)
			raise_status(state, status);
		else
			list = results_to_python(state, lookup.found);
		csock_resolution_free(lookup.found);
	}
	Py_XDECREF(port_owner);
	Py_XDECREF(host_owner);
	return list;
}

PyDoc_STRVAR(
	getaddrinfo_doc,
	"getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)\n--\n\n"
	"What the resolver knows of a host and port: a list of tuples (family, type, proto,\n"
	"canonname, sockaddr), the first three for socket(), sockaddr for its connect().\n\n"
	"host is a name or numeric address, or None for this machine; port a number, the name\n"
	"of a service, or None. The other arguments narrow the results, 0 for any; flags are\n"
	"AI_*. canonname is '' without AI_CANONNAME. gaierror where nothing is found.");

static PyObject *mod_getaddrinfo(PyObject *module, PyObject *const *args, Py_ssize_t count,
				 PyObject *names)
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
	return resolve(module_state(module), values[0], values[1], &hints);
}

/* One address for a host. */
struct host_lookup {
	const char *host;
	int family;
	struct csock_addr *addr;
};

static int look_up_host(void *arguments)
{
	const struct host_lookup *lookup = arguments;

	return csock_resolve_host(lookup->host, lookup->family, CSOCK_NEVER, lookup->addr);
}

/* The one argument of the gethostby* functions, which also is the audit event's. */
static int host_argument(const char *function, const char *event, PyObject *object,
			 PyObject **owner)
{
	const char *text;

	if (object == Py_None) {
		PyErr_Format(PyExc_TypeError, "%s() takes str, bytes or bytearray, not NoneType",
			     function);
		return -1;
	}
	if (host_from_python(object, owner, &text) < 0)
		return -1;
	if (strlen(text) != (size_t)PyBytes_GET_SIZE(*owner))
		PyErr_Format(PyExc_TypeError, "%s(): host %R has a null character in it", function,
			     object);
	else if (PySys_Audit(event, "(O)", object) == 0)
		return 0;
	Py_CLEAR(*owner);
	return -1;
}

/* The address of an encoded host: 0, or -1 with an exception. */
static int find_address(struct module_state *state, PyObject *host, int family,
			struct csock_addr *addr)
{
	struct host_lookup lookup = {PyBytes_AS_STRING(host), family, addr};
	int status = csock_resolve_host(lookup.host, family, CSOCK_NOW, addr);

	if (status < 0 && csock_status_would_wait(status))
		status = call_without_gil(look_up_host, &lookup);
	if (status < 0)
		raise_status(state, status);
	return status < 0 ? -1 : 0;
}

/* The host part of an address, as text. */
static PyObject *address_host(struct module_state *state, const struct csock_addr *addr)
{
	PyObject *address = address_to_python(state, addr, NULL);
	PyObject *host = address ? PySequence_GetItem(address, 0) : NULL;

	Py_XDECREF(address);
	return host;
}

PyDoc_STRVAR(gethostbyname_doc,
	     "gethostbyname(hostname, /)\n--\n\n"
	     "The IPv4 address of a host, as a str.\n\n"
	     "'' is 0.0.0.0 and '<broadcast>' 255.255.255.255. gaierror where nothing is found.\n"
	     "getaddrinfo() knows IPv6 as well.");

static PyObject *mod_gethostbyname(PyObject *module, PyObject *name)
{
	struct module_state *state = module_state(module);
	struct csock_addr addr;
	PyObject *host;

	if (host_argument("gethostbyname", "socket.gethostbyname", name, &host) < 0)
		return NULL;
	int result = find_address(state, host, AF_INET, &addr);
	Py_DECREF(host);
	return result < 0 ? NULL : address_host(state, &addr);
}

/* A query of the host database, by name or else by address. */
struct host_query {
	const char *name;
	const struct csock_addr *addr;
	struct csock_host *found;
};

static int query_name(void *arguments)
{
	struct host_query *query = arguments;

	return csock_host_by_name(query->name, &query->found);
}

static int query_address(void *arguments)
{
	struct host_query *query = arguments;

	return csock_host_by_addr(query->addr, &query->found);
}

static PyObject *aliases_to_python(char *const *aliases)
{
	PyObject *list = PyList_New(0);

	for (; list && *aliases; aliases++) {
		PyObject *alias = PyUnicode_DecodeFSDefault(*aliases);
		if (!alias || PyList_Append(list, alias) < 0)
			Py_CLEAR(list);
		Py_XDECREF(alias);
	}
	return list;
}

static PyObject *addresses_to_python(struct module_state *state, const struct csock_host *host)
{
	PyObject *list = PyList_New(0);

	for (size_t i = 0; list && i < host->address_count; i++) {
		PyObject *address = address_host(state, &host->addresses[i]);
		if (!address || PyList_Append(list, address) < 0)
			Py_CLEAR(list);
		Py_XDECREF(address);
	}
	return list;
}

/* Makes the query without the GIL, and a tuple (name, aliases, addresses) of the answer. */
static PyObject *query_host(struct module_state *state, library_work work, struct host_query *query)
{
	PyObject *name, *aliases, *addresses = NULL, *result = NULL;
	int status = call_without_gil(work, query);

	if (status < 0)
		return raise_status(state, status);
	name = PyUnicode_DecodeFSDefault(query->found->name);
	aliases = name ? aliases_to_python(query->found->aliases) : NULL;
	if (aliases)
		addresses = addresses_to_python(state, query->found);
	if (addresses)
		result = PyTuple_Pack(3, name, aliases, addresses);
	Py_XDECREF(addresses);
	Py_XDECREF(aliases);
	Py_XDECREF(name);
	csock_host_free(query->found);
	return result;
}

PyDoc_STRVAR(gethostbyname_ex_doc,
	     "gethostbyname_ex(hostname, /)\n--\n\n"
	     "A host's primary name, its other names and its IPv4 addresses: a tuple of a str and\n"
	     "two lists.\n\n"
	     "gaierror or herror where nothing is found.");

static PyObject *mod_gethostbyname_ex(PyObject *module, PyObject *name)
{
	struct module_state *state = module_state(module);
	struct csock_addr addr;
	PyObject *host, *result = NULL;

	if (host_argument("gethostbyname_ex", "socket.gethostbyname", name, &host) < 0)
		return NULL;
	/* The resolver is asked first for its more telling failures. */
	if (find_address(state, host, AF_INET, &addr) == 0) {
		struct host_query query = {.name = PyBytes_AS_STRING(host)};
		result = query_host(state, query_name, &query);
	}
	Py_DECREF(host);
	return result;
}

PyDoc_STRVAR(gethostbyaddr_doc,
	     "gethostbyaddr(ip_address, /)\n--\n\n"
	     "The primary name, other names and addresses of the host with an IPv4 or IPv6\n"
	     "address: a tuple of a str and two lists.\n\n"
	     "gaierror where ip_address cannot be resolved, herror where it has no name.");

static PyObject *mod_gethostbyaddr(PyObject *module, PyObject *address)
{
	struct module_state *state = module_state(module);
	struct csock_addr addr;
	PyObject *host;

	if (host_argument("gethostbyaddr", "socket.gethostbyaddr", address, &host) < 0)
		return NULL;
	int found = find_address(state, host, AF_UNSPEC, &addr);
	Py_DECREF(host);
	if (found < 0)
		return NULL;
	struct host_query query = {.addr = &addr};
	return query_host(state, query_address, &query);
}

/* What getnameinfo() is given, and what it finds. */
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

/* The low 32 bits of an int, as the interpreter's own module takes such fields. */
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
		PyErr_Format(PyExc_TypeError, "getnameinfo(): sockaddr must be a tuple, not %s",
			     Py_TYPE(sockaddr)->tp_name);
		return -1;
	}
	Py_ssize_t size = PyTuple_GET_SIZE(sockaddr);
	if (size < 2 || size > 4) {
		PyErr_Format(PyExc_TypeError,
			     "getnameinfo(): illegal sockaddr %R, must be (host, port[, flowinfo[, "
			     "scope_id]])",
			     sockaddr);
		return -1;
	}
	query->host = argument_text("getnameinfo", "host", PyTuple_GET_ITEM(sockaddr, 0));
	if (!query->host || argument_int(PyTuple_GET_ITEM(sockaddr, 1), &query->port) < 0 ||
	    (size > 2 && parse_low_bits(PyTuple_GET_ITEM(sockaddr, 2), &query->flowinfo) < 0) ||
	    (size > 3 && parse_low_bits(PyTuple_GET_ITEM(sockaddr, 3), &query->scope_id) < 0))
		return -1;
	if (query->flowinfo <= FLOWINFO_MAX)
		return 0;
	PyErr_Format(PyExc_OverflowError, "getnameinfo(): flowinfo must be 0-%d, not %R",
		     FLOWINFO_MAX, PyTuple_GET_ITEM(sockaddr, 2));
	return -1;
}

/* The one address that a numeric host and a port stand for. */
static int numeric_address(struct module_state *state, struct name_query *query)
{
	const struct csock_constant *numeric = csock_constant_find("AI_NUMERICHOST");
	char service[sizeof "-2147483648"];
	struct lookup lookup = {
		.host = query->host,
		.service = service,
		.hints = {.type = SOCK_DGRAM, .flags = numeric ? (int)numeric->integer : 0},
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
	PyErr_Format(PyExc_OSError, "sockaddr resolved to multiple addresses: '%s'", query->host);
	return -1;
}

/* Checks the form that the family has, and sets the fields that only IPv6 has. */
static int complete_address(struct module_state *state, PyObject *sockaddr,
			    struct name_query *query)
{
	struct csock_values values;
	struct csock_addr complete;
	int family = csock_addr_family(&query->addr);

	if (family == AF_INET && PyTuple_GET_SIZE(sockaddr) != 2) {
		PyErr_Format(PyExc_OSError, "IPv4 sockaddr must be 2 tuple (host, port), not %R",
			     sockaddr);
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

	return csock_name_info(&query->addr, query->flags, query->found_host, query->found_service);
}

PyDoc_STRVAR(
	getnameinfo_doc,
	"getnameinfo(sockaddr, flags, /)\n--\n\n"
	"The names of the host and the service at an address: a tuple of two str.\n\n"
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

/* Whether a name stands for this machine: 1, 0, or -1 with an exception. */
static int is_own_name(PyObject *name)
{
	if (PyUnicode_Check(name) && (PyUnicode_CompareWithASCIIString(name, "0.0.0.0") == 0 ||
				      PyUnicode_CompareWithASCIIString(name, "::") == 0))
		return 1;
	return PyObject_Not(name);
}

/* The name to look up: without spaces around it, and this machine's for an empty one. */
static PyObject *name_to_qualify(struct module_state *state, PyObject *given)
{
	PyObject *name = given ? method_call("strip", given) : NULL;

	if (given && !name)
		return NULL;
	int own = name ? is_own_name(name) : 1;
	if (own == 0)
		return name;
	Py_XDECREF(name);
	return own < 0 ? NULL : published_call(state, "gethostname", PyTuple_New(0));
}

static int has_period(PyObject *name)
{
	PyObject *period = PyUnicode_FromString(".");
	int result = period ? PySequence_Contains(name, period) : -1;

	Py_XDECREF(period);
	return result;
}

/* The first of a host's names that has a period in it, or else the primary one. */
static PyObject *qualified_name(PyObject *primary, PyObject *aliases)
{
	PyObject *iterator = PyObject_GetIter(aliases);
	PyObject *name = iterator ? Py_NewRef(primary) : NULL;
	int found = name ? has_period(name) : -1;

	while (found == 0) {
		PyObject *next = PyIter_Next(iterator);
		found = next ? has_period(next) : -1;
		if (next)
			Py_SETREF(name, next);
	}
	Py_XDECREF(iterator);
	if (found > 0)
		return name;
	Py_XDECREF(name);
	return PyErr_Occurred() ? NULL : Py_NewRef(primary);
}

PyDoc_STRVAR(
	getfqdn_doc,
	"getfqdn(name='')\n--\n\n"
	"The fully qualified domain name of a host, by default of this machine.\n\n"
	"That is the first of the names that gethostbyaddr() finds with a period in it; where\n"
	"it finds none, its primary name, and where it fails, name as it was given.");

static PyObject *mod_getfqdn(PyObject *module, PyObject *const *args, Py_ssize_t count,
			     PyObject *names)
{
	static const char *const parameters[] = {"name", NULL};
	static const struct signature signature = {"getfqdn", parameters, 0, 1};
	struct module_state *state = module_state(module);
	PyObject *given;

	if (arguments_parse(&signature, args, count, names, &given) < 0)
		return NULL;
	PyObject *name = name_to_qualify(state, given);
	if (!name)
		return NULL;
	PyObject *answer = published_call(state, "gethostbyaddr", PyTuple_Pack(1, name));
	if (!answer && PyErr_ExceptionMatches(PyExc_OSError)) {
		PyErr_Clear();
		return name;
	}
	Py_DECREF(name);
	PyObject *parts = answer ? unpack(answer, 3) : NULL;
	Py_XDECREF(answer);
	if (!parts)
		return NULL;
	PyObject *qualified =
		qualified_name(PyTuple_GET_ITEM(parts, 0), PyTuple_GET_ITEM(parts, 1));
	Py_DECREF(parts);
	return qualified;
}

PyMethodDef resolver_functions[] = {
	{"getaddrinfo", WITH_NAMES(mod_getaddrinfo), getaddrinfo_doc},
	{"gethostbyname", mod_gethostbyname, METH_O, gethostbyname_doc},
	{"gethostbyname_ex", mod_gethostbyname_ex, METH_O, gethostbyname_ex_doc},
	{"gethostbyaddr", mod_gethostbyaddr, METH_O, gethostbyaddr_doc},
	{"getnameinfo", FAST(mod_getnameinfo), getnameinfo_doc},
	{"getfqdn", WITH_NAMES(mod_getfqdn), getfqdn_doc},
	{NULL, NULL, 0, NULL},
};
