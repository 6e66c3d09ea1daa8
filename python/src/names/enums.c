/*
 * The enums. They are made on first use, because importing enum takes longer than all the rest of
 * the import.
 *
 * There is no lock. Making an enum runs Python code, and meanwhile other code may ask for it too:
 * in another thread, a signal handler, a finalizer, or a child of fork(). Each makes its own, and
 * all of them use the first that is complete.
 */
#include "names/enums.h"

#include <ctype.h>
#include <string.h>

#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/objects.h"
#include "names/imports.h"
#include "names/late_names.h"

static const struct {
	const char *name;
	const char *base;
	const char *prefix;
} descriptions[ENUM_COUNT] = {
	[ENUM_ADDRESS_FAMILY] = {"AddressFamily", "IntEnum", "AF_"},
	[ENUM_SOCKET_KIND] = {"SocketKind", "IntEnum", "SOCK_"},
	[ENUM_MSG_FLAG] = {"MsgFlag", "IntFlag", "MSG_"},
	[ENUM_ADDRESS_INFO] = {"AddressInfo", "IntFlag", "AI_"},
};

const char *enum_name(enum enum_id id)
{
	return descriptions[id].name;
}

static bool is_upper(const char *name)
{
	for (; *name; name++)
		if (islower((unsigned char)*name))
			return false;
	return true;
}

int enum_of_constant(const char *name)
{
	for (int id = 0; id < ENUM_COUNT; id++) {
		const char *prefix = descriptions[id].prefix;
		/* AF_DECnet is a plain number: stock's enums have only names in capitals. */
		if (strncmp(name, prefix, strlen(prefix)) == 0 && is_upper(name))
			return id;
	}
	return -1;
}

static int add_constants(enum enum_id id, PyObject *namespace)
{
	struct csock_constant constant;
	int result = 0;

	for (size_t i = 0; result == 0 && csock_constant_at(i, &constant); i++) {
		if (enum_of_constant(constant.name) != (int)id)
			continue;
		PyObject *value = PyLong_FromLongLong(constant.integer);
		result = value ? PyDict_SetItemString(namespace, constant.name, value) : -1;
		Py_XDECREF(value);
	}
	return result;
}

static PyObject *import_socket(void)
{
	if (!PyMapping_HasKeyString(PyImport_GetModuleDict(), "socket") &&
	    imports_finish_before_fork(Py_BuildValue("(s)", "socket")) < 0)
		return NULL;
	return PyImport_ImportModule("socket");
}

/* The equal member in the module that is now "socket"; this member if there is none. */
static PyObject *twin_of(PyObject *member)
{
	PyObject *twin = NULL, *twin_type = NULL;
	PyObject *module = import_socket();
	PyObject *name = module ? PyType_GetName(Py_TYPE(member)) : NULL;
	PyObject *value = name ? PyNumber_Long(member) : NULL;

	if (value)
		twin_type = PyObject_GetAttr(module, name);
	if (twin_type)
		twin = PyObject_CallOneArg(twin_type, value);
	if (!twin && value && PyErr_ExceptionMatches(PyExc_ValueError)) {
		PyErr_Clear();
		twin = Py_NewRef(member);
	}
	Py_XDECREF(twin_type);
	Py_XDECREF(value);
	Py_XDECREF(name);
	Py_XDECREF(module);
	return twin;
}

/*
 * A member pickles as its twin in socket does, so that unpickling needs no csocket. Releases up to
 * 3.11.3 pickle by name, and pickle checks that the name leads to the same object. So a twin
 * pickles by value there. In these releases copy calls this method too, and returns the object
 * itself if the result is a str.
 */
static PyObject *reduce_member(PyObject *ignored, PyObject *member)
{
	int is_copied = called_from("copy");

	(void)ignored;
	if (is_copied)
		return is_copied < 0 ? NULL : PyUnicode_FromString("itself");
	PyObject *twin = twin_of(member);
	PyObject *protocol = twin ? PyLong_FromLong(2) : NULL;
	PyObject *reduced = protocol ? method_call("__reduce_ex__", twin, protocol) : NULL;
	if (reduced && !PyTuple_Check(reduced) && Py_TYPE(twin) != Py_TYPE(member))
		Py_XSETREF(reduced, Py_BuildValue("(O(N))", Py_TYPE(twin), PyNumber_Long(twin)));
	Py_XDECREF(protocol);
	Py_XDECREF(twin);
	return reduced;
}

static PyMethodDef reduce_member_method = {"reduce_member", reduce_member, METH_O, NULL};

/* Registers with copyreg, so that the class itself stays as enum's functions make it. */
static int register_pickling(PyObject *type)
{
	PyObject *result = NULL;
	PyObject *function = PyCFunction_New(&reduce_member_method, NULL);
	PyObject *copyreg = function ? PyImport_ImportModule("copyreg") : NULL;

	if (copyreg)
		result = method_call("pickle", copyreg, type, function);
	Py_XDECREF(result);
	Py_XDECREF(copyreg);
	Py_XDECREF(function);
	return result ? 0 : -1;
}

static PyObject *enum_class(struct module_state *state, enum enum_id id)
{
	return PyTuple_GET_ITEM(enum_entry(state, id), 0);
}

static int set_module(PyObject *type, PyObject *name)
{
	return PyObject_SetAttrString(type, "__module__", name);
}

int enums_set_module(struct module_state *state, PyObject *name)
{
	for (int id = 0; id < ENUM_COUNT; id++)
		if (enum_entry(state, (enum enum_id)id) &&
		    set_module(enum_class(state, (enum enum_id)id), name) < 0)
			return -1;
	return 0;
}

/*
 * Calls enum's own _convert_, which finds a module by its name, converts its constants, and puts
 * the enum into it. Here that is a temporary module: if another thread completes its enum first, no
 * code ever sees this one.
 */
static PyObject *convert(PyObject *base, enum enum_id id, PyObject *filter)
{
	PyObject *made = NULL;
	PyObject *module = PyModule_New("csocket.enum");
	PyObject *name = module ? PyUnicode_FromFormat("csocket.%p", (void *)module) : NULL;
	PyObject *modules = PyImport_GetModuleDict();

	if (name && add_constants(id, PyModule_GetDict(module)) == 0 &&
	    PyDict_SetItem(modules, name, module) == 0) {
		made = PyObject_CallMethod(base, "_convert_", "sOO", descriptions[id].name, name,
					   filter);
		PyObject *raised = made ? NULL : exception_take();
		if (PyDict_DelItem(modules, name) < 0)
			PyErr_Clear();
		if (raised)
			exception_raise(raised);
	}
	Py_XDECREF(name);
	Py_XDECREF(module);
	return made;
}

static PyObject *make_enum(struct module_state *state, enum enum_id id)
{
	PyObject *made = NULL;
	PyObject *filter = NULL;
	PyObject *base = NULL;
	PyObject *library = PyImport_ImportModule("enum");

	if (library)
		base = attribute(library, descriptions[id].base);
	if (base)
		filter = attribute((PyObject *)&PyUnicode_Type, "isupper");
	if (filter)
		made = convert(base, id, filter);
	Py_XDECREF(filter);
	Py_XDECREF(base);
	Py_XDECREF(library);
	if (!made)
		return NULL;
	PyObject *name = Py_NewRef(state->public_name);
	if (set_module(made, name) < 0 || register_pickling(made) < 0)
		Py_CLEAR(made);
	Py_DECREF(name);
	return made;
}

/* Makes an enum, and keeps it unless another thread has made it meanwhile. */
static int make_entry(struct module_state *state, enum enum_id id)
{
	PyObject *nothing = NULL;
	PyObject *type = make_enum(state, id);
	PyObject *members = type ? attribute(type, "_value2member_map_") : NULL;
	PyObject *entry = members ? PyTuple_Pack(2, type, members) : NULL;

	Py_XDECREF(members);
	Py_XDECREF(type);
	if (entry && !__atomic_compare_exchange_n(&state->enums[id], &nothing, entry, false,
						  __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		Py_DECREF(entry);
	return entry ? 0 : -1;
}

/* Publishes an enum and its members, except under names that the program has set itself. */
static int publish_enum(struct module_state *state, enum enum_id id)
{
	PyObject *type = enum_class(state, id);
	PyObject *members = attribute(type, "__members__");
	int result = members ? PyDict_Merge(state->namespace, members, 0) : -1;

	Py_XDECREF(members);
	return result < 0 ? -1 : package_add(state, descriptions[id].name, type);
}

int enums_make(struct module_state *state)
{
	if (package_prepare_to_import(state) < 0)
		return -1;
	for (int id = 0; id < ENUM_COUNT; id++)
		if (!enum_entry(state, (enum enum_id)id) && make_entry(state, (enum enum_id)id) < 0)
			return -1;
	for (int id = 0; id < ENUM_COUNT; id++)
		if (publish_enum(state, (enum enum_id)id) < 0)
			return -1;
	return package_complete(state);
}

bool forgive_end_of_imports(void)
{
	PyObject *finders = PySys_GetObject("meta_path");

	if ((finders && finders != Py_None) || !PyErr_ExceptionMatches(PyExc_ImportError))
		return false;
	PyErr_Clear();
	return true;
}

PyObject *enum_member(struct module_state *state, enum enum_id id, long value)
{
	PyObject *number = PyLong_FromLong(value);

	/* Before publish() there is no namespace for the enums. */
	if (!number || !state->namespace)
		return number;
	if (!enum_entry(state, id) && enums_make(state) < 0) {
		if (!forgive_end_of_imports())
			Py_CLEAR(number);
		return number;
	}
	/* The map lives as long as the class and is not written to after it is made. */
	PyObject *members = PyTuple_GET_ITEM(enum_entry(state, id), 1);
	PyObject *member = PyDict_GetItemWithError(members, number);
	if (!member)
		return PyErr_Occurred() ? (Py_DECREF(number), NULL) : number;
	Py_DECREF(number);
	return Py_NewRef(member);
}

int enum_of_name(const char *name)
{
	for (int id = 0; id < ENUM_COUNT; id++)
		if (strcmp(name, descriptions[id].name) == 0)
			return id;
	return csock_constant_find(name, NULL) ? enum_of_constant(name) : -1;
}

PyDoc_STRVAR(intenum_converter_doc,
	     "_intenum_converter(value, enum_klass)\n--\n\n"
	     "Return the member of the enum with this value, or the value if there is none.");

static PyObject *mod_intenum_converter(PyObject *module, PyObject *const *args, Py_ssize_t count,
				       PyObject *names)
{
	static const char *const parameters[] = {"value", "enum_klass", NULL};
	static const struct signature signature = {"_intenum_converter", parameters, 2, 2};
	PyObject *values[2];

	(void)module;
	if (arguments_parse(&signature, args, count, names, values) < 0)
		return NULL;
	PyObject *member = PyObject_CallOneArg(values[1], values[0]);
	if (member || !PyErr_ExceptionMatches(PyExc_ValueError))
		return member;
	PyErr_Clear();
	return Py_NewRef(values[0]);
}

PyMethodDef enum_functions[] = {
	{"_intenum_converter", WITH_NAMES(mod_intenum_converter), intenum_converter_doc},
	{NULL, NULL, 0, NULL},
};
