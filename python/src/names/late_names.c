/*
 * The package's __getattr__ and __dir__.
 */
#include "names/late_names.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "csocket/csocket.h"

#include "convert/objects.h"
#include "convert/system.h"
#include "names/enums.h"
#include "names/imports.h"

/*
 * Python's own module imports these, and so programs use them as its attributes. Some came with a
 * release, and some went with one: since and dropped are its PY_VERSION_HEX, or 0.
 */
static const struct {
	const char *name;
	const char *module;
	bool is_module; /* false for an attribute of the module */
	unsigned int since;
	unsigned int dropped;
} borrowed[] = {
	{"IntEnum", "enum", false, 0, 0},
	{"IntFlag", "enum", false, 0, 0},
	{"array", "array", true, 0, 0x030e0000},
	{"errno", "errno", true, 0, 0},
	{"io", "io", true, 0, 0},
	{"os", "os", true, 0, 0},
	{"partial", "functools", false, 0x030f0000, 0},
	{"selectors", "selectors", true, 0, 0x030e0000},
	{"sys", "sys", true, 0, 0},
};

#define BORROWED_COUNT (sizeof borrowed / sizeof *borrowed)

static bool is_borrowed(size_t index)
{
	if (strcmp(borrowed[index].name, "array") == 0 && !system_sends_descriptors)
		return false;
	return PY_VERSION_HEX >= borrowed[index].since &&
	       (borrowed[index].dropped == 0 || PY_VERSION_HEX < borrowed[index].dropped);
}

/* The next entry for this release, from index on: its index, or BORROWED_COUNT at the end. */
static size_t borrowed_from(size_t index)
{
	while (index < BORROWED_COUNT && !is_borrowed(index))
		index++;
	return index;
}

int package_add(struct module_state *state, const char *name, PyObject *value)
{
	PyObject *key = PyUnicode_InternFromString(name);
	int result = key && PyDict_SetDefault(state->namespace, key, value) ? 0 : -1;

	Py_XDECREF(key);
	return result;
}

static int add_borrowed(struct module_state *state, size_t index)
{
	PyObject *value = NULL;
	PyObject *module = PyImport_ImportModule(borrowed[index].module);

	if (module)
		value = borrowed[index].is_module ? Py_NewRef(module)
						  : attribute(module, borrowed[index].name);
	int result = value ? package_add(state, borrowed[index].name, value) : -1;
	Py_XDECREF(value);
	Py_XDECREF(module);
	return result;
}

static bool forgive_import_error(void)
{
	if (!PyErr_ExceptionMatches(PyExc_ImportError))
		return false;
	PyErr_Clear();
	return true;
}

/* All modules that are imported late: those above, and that of names/enums.c for pickling. */
static PyObject *names_of_modules(void)
{
	PyObject *names = Py_BuildValue("[s]", "copyreg");
	int result = names ? 0 : -1;

	for (size_t i = borrowed_from(0); i < BORROWED_COUNT && result == 0;
	     i = borrowed_from(i + 1)) {
		PyObject *name = PyUnicode_FromString(borrowed[i].module);
		result = name ? PyList_Append(names, name) : -1;
		Py_XDECREF(name);
	}
	PyObject *tuple = result == 0 ? PyList_AsTuple(names) : NULL;
	Py_XDECREF(names);
	return tuple;
}

int package_prepare_to_import(struct module_state *state)
{
	if (__atomic_exchange_n(&state->is_prepared_to_import, true, __ATOMIC_RELAXED))
		return 0;
	if (imports_finish_before_fork(names_of_modules()) == 0)
		return 0;
	__atomic_store_n(&state->is_prepared_to_import, false, __ATOMIC_RELAXED);
	return -1;
}

/* Publishes a name and those that are made with it: 1; 0 for an unknown name; -1 on failure. */
static int make(struct module_state *state, const char *name)
{
	if (enum_of_name(name) >= 0)
		return enums_make(state) < 0 ? -1 : 1;
	for (size_t i = borrowed_from(0); i < BORROWED_COUNT; i = borrowed_from(i + 1))
		if (strcmp(name, borrowed[i].name) == 0)
			return package_prepare_to_import(state) < 0 || add_borrowed(state, i) < 0
				       ? -1
				       : 1;
	return 0;
}

static PyObject *package_getattr(PyObject *module, PyObject *name)
{
	struct module_state *state = module_state(module);
	const char *text = PyUnicode_Check(name) ? PyUnicode_AsUTF8(name) : NULL;

	if (!text && PyErr_Occurred())
		return NULL;
	int made = text && state->namespace ? make(state, text) : 0;
	if (made < 0) {
		struct csock_constant constant;
		return csock_constant_find(text, &constant) && forgive_end_of_imports()
			       ? PyLong_FromLongLong(constant.integer)
			       : NULL;
	}
	PyObject *value = made ? PyDict_GetItemWithError(state->namespace, name) : NULL;
	if (!value && !PyErr_Occurred())
		PyErr_Format(PyExc_AttributeError, "module 'csocket' has no attribute %R", name);
	return Py_XNewRef(value);
}

static int add_text(PyObject *set, const char *text)
{
	PyObject *name = PyUnicode_FromString(text);
	int result = name ? PySet_Add(set, name) : -1;

	Py_XDECREF(name);
	return result;
}

static int add_lazy_names(PyObject *set)
{
	struct csock_constant constant;

	for (int id = 0; id < ENUM_COUNT; id++)
		if (add_text(set, enum_name((enum enum_id)id)) < 0)
			return -1;
	for (size_t i = 0; csock_constant_at(i, &constant); i++)
		if (enum_of_constant(constant.name) >= 0 && add_text(set, constant.name) < 0)
			return -1;
	for (size_t i = borrowed_from(0); i < BORROWED_COUNT; i = borrowed_from(i + 1))
		if (add_text(set, borrowed[i].name) < 0)
			return -1;
	return 0;
}

/* Lists the names in the namespace, and those that are made on first use. */
static PyObject *package_dir(PyObject *module, PyObject *ignored)
{
	struct module_state *state = module_state(module);
	PyObject *names = PySet_New(state->namespace);
	PyObject *list = names && add_lazy_names(names) == 0 ? PySequence_List(names) : NULL;

	(void)ignored;
	Py_XDECREF(names);
	return list;
}

static PyMethodDef hooks[] = {
	{"__getattr__", package_getattr, METH_O, NULL},
	{"__dir__", package_dir, METH_NOARGS, NULL},
};

#define HOOK_COUNT (sizeof hooks / sizeof *hooks)

static int set_hook(struct module_state *state, PyObject *namespace, PyMethodDef *hook)
{
	PyObject *function = PyCFunction_NewEx(hook, state->module, NULL);
	int result = function ? PyDict_SetItemString(namespace, hook->ml_name, function) : -1;

	Py_XDECREF(function);
	return result;
}

/* Removes a hook, unless the program has put another one in its place. */
static int remove_hook(struct module_state *state, PyMethodDef *hook)
{
	PyObject *name = PyUnicode_InternFromString(hook->ml_name);
	PyObject *found = name ? PyDict_GetItemWithError(state->namespace, name) : NULL;
	int result = PyErr_Occurred() ? -1 : 0;

	if (found && PyCFunction_Check(found) && PyCFunction_GET_FUNCTION(found) == hook->ml_meth)
		result = PyDict_DelItem(state->namespace, name);
	Py_XDECREF(name);
	return result;
}

/* Adds a module if it is imported already: when the interpreter ends, it is too late. */
static int add_if_imported(PyObject *namespace, const char *name)
{
	PyObject *key = PyUnicode_InternFromString(name);
	PyObject *module = key ? PyImport_GetModule(key) : NULL;
	int result = PyErr_Occurred() ? -1 : 0;

	if (module && module != Py_None)
		result = PyDict_SetItem(namespace, key, module);
	Py_XDECREF(module);
	Py_XDECREF(key);
	return result;
}

static int add_number(PyObject *set, int value)
{
	PyObject *number = PyLong_FromLong(value);
	int result = number ? PySet_Add(set, number) : -1;

	Py_XDECREF(number);
	return result;
}

static int add_blocking_errnos(PyObject *namespace)
{
	PyObject *set = PySet_New(NULL);
	int result = set && add_number(set, EAGAIN) == 0 ? add_number(set, system_code(EWOULDBLOCK))
							 : -1;

	if (result == 0)
		result = PyDict_SetItemString(namespace, "_blocking_errnos", set);
	Py_XDECREF(set);
	return result;
}

int package_begin(struct module_state *state, PyObject *namespace)
{
	for (size_t i = 0; i < HOOK_COUNT; i++)
		if (set_hook(state, namespace, &hooks[i]) < 0)
			return -1;
	for (size_t i = borrowed_from(0); i < BORROWED_COUNT; i = borrowed_from(i + 1))
		if (borrowed[i].is_module && add_if_imported(namespace, borrowed[i].name) < 0)
			return -1;
	if (PyDict_SetItemString(namespace, "_socket", state->module) < 0)
		return -1;
	return add_blocking_errnos(namespace);
}

int package_complete(struct module_state *state)
{
	for (size_t i = borrowed_from(0); i < BORROWED_COUNT; i = borrowed_from(i + 1))
		if (add_borrowed(state, i) < 0)
			return forgive_import_error() ? 0 : -1;
	for (size_t i = 0; i < HOOK_COUNT; i++)
		if (remove_hook(state, &hooks[i]) < 0)
			return -1;
	return 0;
}
