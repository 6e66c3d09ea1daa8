/*
 * The enums, made on first use.
 *
 * Importing enum costs more than all the rest of the module's import. The enums are made as its own
 * _convert_ makes them, which also publishes the members.
 *
 * Who asks for one gets them all, for then the package needs its __getattr__ no more: the
 * interpreter has a fast way for attributes of modules, but not of those that have such a hook. A
 * program that has made many sockets, each by such an attribute, gets them without asking.
 */
#include "enums.h"
#include "objects.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "csocket/csocket.h"

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
		/* AF_DECnet is a plain number, for stock takes names in capitals alone. */
		if (strncmp(name, prefix, strlen(prefix)) == 0 && is_upper(name))
			return id;
	}
	return -1;
}

static PyObject *constants_of(enum enum_id id)
{
	size_t count;
	const struct csock_constant *table = csock_constant_table(&count);
	PyObject *constants = PyDict_New();

	for (size_t i = 0; constants && i < count; i++) {
		if (enum_of_constant(table[i].name) != (int)id)
			continue;
		PyObject *value = PyLong_FromLongLong(table[i].integer);
		if (!value || PyDict_SetItemString(constants, table[i].name, value) < 0)
			Py_CLEAR(constants);
		Py_XDECREF(value);
	}
	return constants;
}

/* The constants as attributes of an object, which is how _convert_ takes them. */
static PyObject *constants_source(enum enum_id id)
{
	PyObject *source = NULL;
	PyObject *constants = constants_of(id);
	PyObject *types = constants ? PyImport_ImportModule("types") : NULL;
	PyObject *type = types ? attribute(types, "SimpleNamespace") : NULL;
	PyObject *no_arguments = type ? PyTuple_New(0) : NULL;

	if (no_arguments)
		source = PyObject_Call(type, no_arguments, constants);
	Py_XDECREF(no_arguments);
	Py_XDECREF(type);
	Py_XDECREF(types);
	Py_XDECREF(constants);
	return source;
}

/*
 * What a member becomes where it is unpickled: the one of the module named socket, be that
 * Python's or this one, so that the pickles are Python's own to the byte. A value that Python's
 * enum does not have goes by this enum.
 */
static PyObject *reduce_member(PyObject *ignored, PyObject *member)
{
	PyObject *type = (PyObject *)Py_TYPE(member);
	PyObject *twin = NULL, *twin_type = NULL;
	PyObject *module = PyImport_ImportModule("socket");
	PyObject *name = module ? PyType_GetName(Py_TYPE(member)) : NULL;
	PyObject *value = name ? PyNumber_Long(member) : NULL;

	(void)ignored;
	if (value)
		twin_type = PyObject_GetAttr(module, name);
	if (twin_type)
		twin = PyObject_CallOneArg(twin_type, value);
	if (!twin && value && PyErr_ExceptionMatches(PyExc_ValueError)) {
		PyErr_Clear();
		Py_XSETREF(twin_type, Py_NewRef(type));
	}
	PyObject *reduced = PyErr_Occurred() ? NULL : Py_BuildValue("(O(O))", twin_type, value);
	Py_XDECREF(twin);
	Py_XDECREF(twin_type);
	Py_XDECREF(value);
	Py_XDECREF(name);
	Py_XDECREF(module);
	return reduced;
}

static PyMethodDef reduce_member_method = {"reduce_member", reduce_member, METH_O, NULL};

/* Registered, for the class itself is to be as enum's functions would make it. */
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

int enums_set_module(struct module_state *state, PyObject *name)
{
	for (int id = 0; id < ENUM_COUNT; id++) {
		PyObject *type = state->enums[id].type;
		if (type && PyObject_SetAttrString(type, "__module__", name) < 0)
			return -1;
	}
	return 0;
}

static PyObject *make_enum(struct module_state *state, enum enum_id id)
{
	PyObject *made = NULL;
	PyObject *filter = NULL;
	PyObject *source = NULL;
	PyObject *base = NULL;
	PyObject *library = PyImport_ImportModule("enum");

	if (library)
		base = attribute(library, descriptions[id].base);
	if (base)
		source = constants_source(id);
	if (source)
		filter = attribute((PyObject *)&PyUnicode_Type, "isupper");
	if (filter)
		made = PyObject_CallMethod(base, "_convert_", "sOOO", descriptions[id].name,
					   state->public_name, filter, source);
	Py_XDECREF(filter);
	Py_XDECREF(source);
	Py_XDECREF(base);
	Py_XDECREF(library);
	if (made && register_pickling(made) < 0)
		Py_CLEAR(made);
	return made;
}

/* Publishes the enum that is there already, and its members, once more. */
static int publish_again(struct module_state *state, enum enum_id id)
{
	PyObject *type = state->enums[id].type;
	PyObject *members = attribute(type, "__members__");
	int result = members ? PyDict_Update(state->namespace, members) : -1;

	Py_XDECREF(members);
	if (result < 0)
		return -1;
	return PyDict_SetItemString(state->namespace, descriptions[id].name, type);
}

static int fill_entry(struct module_state *state, enum enum_id id)
{
	struct enum_entry *entry = &state->enums[id];
	PyObject *type = make_enum(state, id);

	if (type && entry->type) {
		/* Made meanwhile, within this call: members of that one may be in use. */
		Py_DECREF(type);
		return publish_again(state, id);
	}
	PyObject *members = type ? attribute(type, "_value2member_map_") : NULL;

	if (!members || PyDict_SetItemString(state->namespace, descriptions[id].name, type) < 0) {
		Py_XDECREF(members);
		Py_XDECREF(type);
		return -1;
	}
	entry->members = members;
	__atomic_store_n(&entry->type, type, __ATOMIC_RELEASE);
	return 0;
}

/* Takes the hook that asks for enums out of the package, if it is still there. */
static int remove_hook(struct module_state *state)
{
	PyObject *name = PyUnicode_InternFromString("__getattr__");
	PyObject *hook = name ? PyDict_GetItemWithError(state->namespace, name) : NULL;
	int result = PyErr_Occurred() ? -1 : 0;

	if (hook && PyCFunction_Check(hook) && PyCFunction_GET_FUNCTION(hook) == mod_getattr)
		result = PyDict_DelItem(state->namespace, name);
	Py_XDECREF(name);
	return result;
}

static int fill_entries(struct module_state *state)
{
	for (int id = 0; id < ENUM_COUNT; id++)
		if (!state->enums[id].type && fill_entry(state, (enum enum_id)id) < 0)
			return -1;
	return remove_hook(state);
}

PyObject *enum_type(struct module_state *state, enum enum_id id)
{
	PyObject *type = __atomic_load_n(&state->enums[id].type, __ATOMIC_ACQUIRE);

	if (type)
		return type;
	/*
	 * Making runs Python code, during which others may ask for an enum. Other threads wait.
	 * This one, in a signal handler or a finalizer, must not wait for itself: it makes the one
	 * that it needs.
	 */
	unsigned long self = PyThread_get_thread_ident();
	if (__atomic_load_n(&state->enum_maker, __ATOMIC_RELAXED) == self)
		return fill_entry(state, id) < 0 ? NULL : state->enums[id].type;
	Py_BEGIN_ALLOW_THREADS
	PyThread_acquire_lock(state->enum_lock, WAIT_LOCK);
	Py_END_ALLOW_THREADS
	__atomic_store_n(&state->enum_maker, self, __ATOMIC_RELAXED);
	int result = state->enums[id].type ? 0 : fill_entries(state);
	__atomic_store_n(&state->enum_maker, 0, __ATOMIC_RELAXED);
	PyThread_release_lock(state->enum_lock);
	return result < 0 ? NULL : state->enums[id].type;
}

int enums_make_early(struct module_state *state)
{
	if (!state->namespace || enum_type(state, ENUM_ADDRESS_FAMILY))
		return 0;
	if (!PyErr_ExceptionMatches(PyExc_ImportError))
		return -1;
	PyErr_Clear();
	return 0;
}

/*
 * Whether an enum could not be made because the interpreter ends and imports nothing any more. Then
 * the exception is cleared: a plain number has to do.
 */
static bool forgive_end_of_imports(void)
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

	/* Nothing published: nowhere for the enum to be. */
	if (!number || !state->namespace)
		return number;
	if (!enum_type(state, id)) {
		if (!forgive_end_of_imports())
			Py_CLEAR(number);
		return number;
	}
	/* The map lives as long as the class and is not written to after it is made. */
	PyObject *member = PyDict_GetItemWithError(state->enums[id].members, number);
	if (!member)
		return PyErr_Occurred() ? (Py_DECREF(number), NULL) : number;
	Py_DECREF(number);
	return Py_NewRef(member);
}

static int enum_of_name(const char *name)
{
	for (int id = 0; id < ENUM_COUNT; id++)
		if (strcmp(name, descriptions[id].name) == 0)
			return id;
	return csock_constant_find(name) ? enum_of_constant(name) : -1;
}

PyObject *mod_getattr(PyObject *module, PyObject *name)
{
	struct module_state *state = module_state(module);
	const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;

	if (!text && PyErr_Occurred())
		return NULL;
	int id = text && state->namespace ? enum_of_name(text) : -1;
	if (id >= 0) {
		const struct csock_constant *constant = csock_constant_find(text);
		if (!enum_type(state, (enum enum_id)id))
			return constant && forgive_end_of_imports()
				       ? PyLong_FromLongLong(constant->integer)
				       : NULL;
		PyObject *value = PyDict_GetItemWithError(state->namespace, name);
		if (value || PyErr_Occurred())
			return Py_XNewRef(value);
	}
	PyErr_Format(PyExc_AttributeError, "module 'csocket' has no attribute %R", name);
	return NULL;
}
