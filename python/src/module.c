/*
 * The module csocket._csocket: its contents, and how the package publishes them.
 *
 * It has the names of stock's _socket, with constants as plain ints. publish() gives a namespace
 * the names of stock's socket: the socket type with all its methods, and enums for constants.
 */
#include "state.h"

#include <stdbool.h>
#include <string.h>

#include "csocket/csocket.h"

#include "compat.h"
#include "convert/arguments.h"
#include "convert/environment.h"
#include "convert/errors.h"
#include "convert/system.h"
#include "functions/functions.h"
#include "functions/gil_policy.h"
#include "functions/resolver.h"
#include "functions/system.h"
#include "names/enums.h"
#include "names/late_names.h"
#include "socket/handover.h"
#include "socket/object.h"
#include "types/types.h"

static int intern_names(struct hot_names *names)
{
#define INTERN(name)                                                                               \
	names->name = PyUnicode_InternFromString(#name);                                           \
	if (!names->name)                                                                          \
		return -1;
	HOT_NAMES(INTERN)
#undef INTERN
	return 0;
}

static int set_constant(PyObject *module, const struct csock_constant *constant)
{
	PyObject *value = constant->kind == CSOCK_CONSTANT_TEXT
				  ? PyUnicode_FromString(constant->text)
				  : PyLong_FromLongLong(constant->integer);
	/* Not PyModule_AddObjectRef(), which interns: there are many names, and few are used. */
	PyObject *name = value ? PyUnicode_FromString(constant->name) : NULL;
	int result = name ? PyDict_SetItem(PyModule_GetDict(module), name, value) : -1;

	Py_XDECREF(name);
	Py_XDECREF(value);
	return result;
}

static int add_constants(PyObject *module)
{
	struct csock_constant constant;

	for (size_t i = 0; csock_constant_at(i, &constant); i++)
		if (system_has_constant(constant.name) && set_constant(module, &constant) < 0)
			return -1;
	/* The build has AF_INET6. Whether the kernel has it shows when a socket is made. */
	if (PyModule_AddObjectRef(module, "has_ipv6", Py_True) < 0 ||
	    PyModule_AddStringConstant(module, "_LOCALHOST", "127.0.0.1") < 0)
		return -1;
	return PyModule_AddStringConstant(module, "_LOCALHOST_V6", "::1");
}

/* The capsule through which the interpreter's _ssl recognises sockets. */
static int add_capsule(PyObject *module)
{
	struct module_state *state = module_state(module);

	state->capi = (struct socket_capi){
		.socket_type = state->base_type,
		.error = PyExc_OSError,
		.timeout_error = PyExc_TimeoutError,
	};
	PyObject *capsule = PyCapsule_New(&state->capi, "_socket.CAPI", NULL);
	if (!capsule)
		return -1;
	int result = PyModule_AddObjectRef(module, "CAPI", capsule);
	Py_DECREF(capsule);
	return result;
}

static int add_functions(PyObject *module)
{
	PyMethodDef *const tables[] = {
		resolver_functions,      host_database_functions, service_functions,
		host_functions,          inet_functions,          create_connection_functions,
		create_server_functions, descriptor_functions,    timeout_functions,
		protocol_functions,      gil_policy_functions,    enum_functions,
		other_process_functions,
	};

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (PyModule_AddFunctions(module, tables[i]) < 0)
			return -1;
	for (size_t i = 0; system_functions[i]; i++)
		if (PyModule_AddFunctions(module, system_functions[i]) < 0)
			return -1;
	return system_add(module);
}

static int add_marker(PyObject *module)
{
	struct module_state *state = module_state(module);

	state->default_timeout_marker = PyObject_CallNoArgs((PyObject *)&PyBaseObject_Type);
	if (!state->default_timeout_marker)
		return -1;
	return PyModule_AddObjectRef(module, "_GLOBAL_DEFAULT_TIMEOUT",
				     state->default_timeout_marker);
}

static int choose_reuse(struct module_state *state, PyObject *text)
{
	return reuse_choose(&state->reuse, text);
}

static int read_environment(struct module_state *state)
{
	if (environment_choose(state, "CSOCKET_GIL_POLICY", "'adaptive' or 'release'",
			       gil_policy_choose) < 0)
		return -1;
	return environment_choose(state, "CSOCKET_REUSE",
				  "'none' or a list of kinds such as 'bytes,ints'", choose_reuse);
}

static int module_exec(PyObject *module)
{
	struct module_state *state = module_state(module);

	state->module = module;
	state->default_timeout = -1;
	reuse_begin(&state->reuse);
	/* The interpreter ignores SIGPIPE. A program that wants it gets it, as from stock. */
	csock_set_sigpipe(true);
	state->public_name = PyUnicode_InternFromString("csocket");
	if (compat_check() < 0 || !state->public_name || intern_names(&state->names) < 0)
		return -1;
	if (handover_begin(state) < 0 || errors_add(module) < 0 || sock_add_types(module) < 0 ||
	    socket_io_add_type(module) < 0 || add_functions(module) < 0 ||
	    add_constants(module) < 0 || add_marker(module) < 0)
		return -1;
	return add_capsule(module) < 0 ? -1 : read_environment(state);
}

/* The functions that are for the package, and no part of the interface. */
static bool is_for_package(const char *name)
{
	return strcmp(name, "publish") == 0 || strcmp(name, "set_public_name") == 0;
}

/* Whether __all__ has the name: a class or function is left out if stock's __all__ lacks it. */
static bool is_in_all(const char *name)
{
	return name[0] != '_' && !is_for_package(name) && strcmp(name, "gil_policy") != 0 &&
	       strcmp(name, "SocketIO") != 0;
}

/* Whether a name of this module belongs in the published namespace as it stands. */
static bool is_published(const char *name)
{
	static const char *const private_names[] = {
		"_GLOBAL_DEFAULT_TIMEOUT", "_GiveupOnSendfile",    "_LOCALHOST",
		"_LOCALHOST_V6",           "_fallback_socketpair", "_intenum_converter",
	};

	if (name[0] != '_')
		return !is_for_package(name) && enum_of_constant(name) < 0;
	for (size_t i = 0; i < sizeof private_names / sizeof *private_names; i++)
		if (strcmp(name, private_names[i]) == 0)
			return true;
	return false;
}

/* Copies the published names, and lists the public ones, those of the lazy enums included. */
static int copy_names(struct module_state *state, PyObject *namespace, PyObject *all)
{
	PyObject *own = PyModule_GetDict(state->module);
	PyObject *key, *value;
	Py_ssize_t position = 0;

	while (PyDict_Next(own, &position, &key, &value)) {
		const char *name = PyUnicode_AsUTF8(key);
		if (!name)
			return -1;
		if (is_published(name) && PyDict_SetItem(namespace, key, value) < 0)
			return -1;
		if (is_in_all(name) && PyList_Append(all, key) < 0)
			return -1;
	}
	return 0;
}

static int append_enum_names(PyObject *all)
{
	static const enum enum_id ids[] = {ENUM_ADDRESS_FAMILY, ENUM_SOCKET_KIND};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		PyObject *name = PyUnicode_FromString(enum_name(ids[i]));
		int result = name ? PyList_Append(all, name) : -1;
		Py_XDECREF(name);
		if (result < 0)
			return -1;
	}
	return 0;
}

/* The package's own functions, where _csocket has others of the same names. */
static PyMethodDef package_functions[] = {
	{"getaddrinfo", WITH_NAMES(mod_getaddrinfo), getaddrinfo_doc},
	{NULL, NULL, 0, NULL},
};

static int set_package_functions(struct module_state *state, PyMethodDef *method,
				 PyObject *namespace)
{
	int result = 0;

	for (; result == 0 && method->ml_name; method++) {
		/* A pickle finds the function by this name of its module. */
		PyObject *function = PyCFunction_NewEx(method, state->module, state->public_name);
		result = function ? PyDict_SetItemString(namespace, method->ml_name, function) : -1;
		Py_XDECREF(function);
	}
	return result;
}

static int publish_into(struct module_state *state, PyObject *namespace, PyObject *all)
{
	if (copy_names(state, namespace, all) < 0 || append_enum_names(all) < 0 ||
	    PyList_Sort(all) < 0 || PyDict_SetItemString(namespace, "__all__", all) < 0)
		return -1;
	if (set_package_functions(state, package_functions, namespace) < 0 ||
	    set_package_functions(state, system_package_functions, namespace) < 0 ||
	    package_begin(state, namespace) < 0)
		return -1;
	Py_XSETREF(state->namespace, Py_NewRef(namespace));
	return PyDict_SetItemString(namespace, "socket", (PyObject *)state->socket_type);
}

PyDoc_STRVAR(publish_doc,
	     "publish(namespace, /)\n--\n\n"
	     "Put the names of the socket module into namespace, a module's globals.\n\n"
	     "From then on, functions such as create_connection() use the names found there.");

static PyObject *mod_publish(PyObject *module, PyObject *namespace)
{
	struct module_state *state = module_state(module);

	if (!PyDict_Check(namespace)) {
		PyErr_Format(PyExc_TypeError, "publish() takes a dict, not %s",
			     Py_TYPE(namespace)->tp_name);
		return NULL;
	}
	PyObject *all = PyList_New(0);
	int result = all ? publish_into(state, namespace, all) : -1;
	Py_XDECREF(all);
	if (result < 0)
		return NULL;
	Py_RETURN_NONE;
}

PyDoc_STRVAR(set_public_name_doc,
	     "set_public_name(name, /)\n--\n\n"
	     "Set the __module__ of the exceptions and enums to name.\n\n"
	     "Pickles refer to them by it, so importing that module must lead to them.");

static PyObject *mod_set_public_name(PyObject *module, PyObject *name)
{
	struct module_state *state = module_state(module);
	PyObject *const classes[] = {state->herror, state->gaierror};

	if (!PyUnicode_Check(name)) {
		PyErr_Format(PyExc_TypeError, "set_public_name() takes a str, not %s",
			     Py_TYPE(name)->tp_name);
		return NULL;
	}
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (PyObject_SetAttrString(classes[i], "__module__", name) < 0)
			return NULL;
	if (enums_set_module(state, name) < 0)
		return NULL;
	Py_XSETREF(state->public_name, Py_NewRef(name));
	Py_RETURN_NONE;
}

static PyMethodDef module_methods[] = {
	{"publish", mod_publish, METH_O, publish_doc},
	{"set_public_name", mod_set_public_name, METH_O, set_public_name_doc},
	{NULL, NULL, 0, NULL},
};

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
	struct module_state *state = module_state(module);

	Py_VISIT(state->base_type);
	Py_VISIT(state->socket_type);
	Py_VISIT(state->io_type);
	Py_VISIT(state->method_type);
	Py_VISIT(state->herror);
	Py_VISIT(state->gaierror);
	Py_VISIT(state->giveup_on_sendfile);
	Py_VISIT(state->default_timeout_marker);
	Py_VISIT(state->public_name);
	Py_VISIT(state->namespace);
	Py_VISIT(state->under_way);
	for (int id = 0; id < ENUM_COUNT; id++)
		Py_VISIT(state->enums[id]);
	return 0;
}

/*
 * There is no m_clear. In a garbage cycle with sockets it could run before their methods and
 * finalizers, which need the state. Types and dicts break the cycle without it.
 */
static void module_free(void *module)
{
	struct module_state *state = module_state(module);

	reuse_clear(&state->reuse);
	Py_CLEAR(state->base_type);
	Py_CLEAR(state->socket_type);
	Py_CLEAR(state->io_type);
	Py_CLEAR(state->method_type);
	Py_CLEAR(state->herror);
	Py_CLEAR(state->gaierror);
	Py_CLEAR(state->giveup_on_sendfile);
	Py_CLEAR(state->default_timeout_marker);
	Py_CLEAR(state->public_name);
	Py_CLEAR(state->namespace);
	Py_CLEAR(state->under_way);
	for (int id = 0; id < ENUM_COUNT; id++)
		Py_CLEAR(state->enums[id]);
#define CLEAR(name) Py_CLEAR(state->names.name);
	HOT_NAMES(CLEAR)
#undef CLEAR
}

static PyModuleDef_Slot module_slots[] = {
	{Py_mod_exec, module_exec},
	COMPAT_MODULE_SLOTS{0, NULL},
};

PyDoc_STRVAR(module_doc, "The implementation of csocket: sockets and names, over libcsocket.");

struct PyModuleDef csocket_module = {
	PyModuleDef_HEAD_INIT,         .m_name = "csocket._csocket",
	.m_doc = module_doc,           .m_size = sizeof(struct module_state),
	.m_methods = module_methods,   .m_slots = module_slots,
	.m_traverse = module_traverse, .m_free = module_free,
};

PyMODINIT_FUNC PyInit__csocket(void)
{
	return PyModuleDef_Init(&csocket_module);
}
