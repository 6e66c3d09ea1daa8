/*
 * The database of hosts: gethostbyname, gethostbyname_ex, gethostbyaddr and getfqdn.
 */
#include "csocket/csocket.h"

#include <string.h>

#include "convert/address.h"
#include "convert/arguments.h"
#include "convert/errors.h"
#include "convert/objects.h"
#include "functions/functions.h"
#include "gil/release.h"
#include "published.h"

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

/* The one argument of the gethostby* functions, which is also that of the audit event. */
static int host_argument(const char *function, const char *event, PyObject *object,
			 PyObject **owner, const char **text)
{
	if (!is_host(object)) {
		PyErr_Format(PyExc_TypeError,
			     "%s() argument 1 must be str, bytes or bytearray, not %s", function,
			     argument_kind(object));
		return -1;
	}
	if (host_from_python(object, owner, text) < 0)
		return -1;
	if ((Py_ssize_t)strlen(*text) != PyObject_Size(*owner)) {
		PyErr_Format(PyExc_TypeError,
			     "%s() argument 1 must be encoded string without null bytes, not %s",
			     function, Py_TYPE(object)->tp_name);
		error_note("given %R", object);
	} else if (PySys_Audit(event, "(O)", object) == 0) {
		return 0;
	}
	Py_CLEAR(*owner);
	return -1;
}

/* The address of an encoded host: 0, or -1 with an exception. */
static int find_address(struct module_state *state, const char *host, int family,
			struct csock_addr *addr)
{
	struct host_lookup lookup = {host, family, addr};
	int status = csock_resolve_host(host, family, CSOCK_NOW, addr);

	if (status < 0 && csock_status_would_wait(status))
		status = call_without_gil(look_up_host, &lookup);
	if (status < 0)
		raise_status(state, status);
	return status < 0 ? -1 : 0;
}

/* The address of the one argument of a function: 0, or -1 with an exception. */
static int argument_address(struct module_state *state, const char *function, const char *event,
			    PyObject *object, int family, struct csock_addr *addr)
{
	PyObject *owner;
	const char *host;

	if (host_argument(function, event, object, &owner, &host) < 0)
		return -1;
	int result = find_address(state, host, family, addr);
	Py_DECREF(owner);
	return result;
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
	     "'' is 0.0.0.0 and '<broadcast>' 255.255.255.255. gaierror if nothing is found.\n"
	     "getaddrinfo() knows IPv6 as well.");

static PyObject *mod_gethostbyname(PyObject *module, PyObject *name)
{
	struct module_state *state = module_state(module);
	struct csock_addr addr;
	int result = argument_address(state, "gethostbyname", "socket.gethostbyname", name, AF_INET,
				      &addr);

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

	return csock_gethostbyname(query->name, &query->found);
}

static int query_address(void *arguments)
{
	struct host_query *query = arguments;

	return csock_gethostbyaddr(query->addr, &query->found);
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
	     "gaierror or herror if nothing is found.");

static PyObject *mod_gethostbyname_ex(PyObject *module, PyObject *name)
{
	struct module_state *state = module_state(module);
	struct csock_addr addr;
	PyObject *owner, *result = NULL;
	const char *host;

	if (host_argument("gethostbyname_ex", "socket.gethostbyname", name, &owner, &host) < 0)
		return NULL;
	/* Asks the resolver first, because its failures tell more. */
	if (find_address(state, host, AF_INET, &addr) == 0) {
		struct host_query query = {.name = host};
		result = query_host(state, query_name, &query);
	}
	Py_DECREF(owner);
	return result;
}

PyDoc_STRVAR(gethostbyaddr_doc,
	     "gethostbyaddr(ip_address, /)\n--\n\n"
	     "The primary name, other names and addresses of the host with an IPv4 or IPv6\n"
	     "address: a tuple of a str and two lists.\n\n"
	     "gaierror if ip_address cannot be resolved, herror if it has no name.");

static PyObject *mod_gethostbyaddr(PyObject *module, PyObject *address)
{
	struct module_state *state = module_state(module);
	struct csock_addr addr;

	if (argument_address(state, "gethostbyaddr", "socket.gethostbyaddr", address, AF_UNSPEC,
			     &addr) < 0)
		return NULL;
	struct host_query query = {.addr = &addr};
	return query_host(state, query_address, &query);
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

PyDoc_STRVAR(getfqdn_doc,
	     "getfqdn(name='')\n--\n\n"
	     "The fully qualified domain name of a host, by default of this machine.\n\n"
	     "That is the first name with a period in it that gethostbyaddr() finds. If it finds\n"
	     "none, that is the primary name; if it fails, the name as it was given.");

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

PyMethodDef host_database_functions[] = {
	{"gethostbyname", mod_gethostbyname, METH_O, gethostbyname_doc},
	{"gethostbyname_ex", mod_gethostbyname_ex, METH_O, gethostbyname_ex_doc},
	{"gethostbyaddr", mod_gethostbyaddr, METH_O, gethostbyaddr_doc},
	{"getfqdn", WITH_NAMES(mod_getfqdn), getfqdn_doc},
	{NULL, NULL, 0, NULL},
};
