/*
 * Modules that are imported late, and fork().
 */
#include "names/imports.h"

#include "convert/objects.h"
#include "published.h"

/* Imports the modules, or waits for another thread that is importing them. */
static PyObject *finish_imports(PyObject *names, PyObject *ignored)
{
	(void)ignored;
	for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
		PyObject *module = PyImport_Import(PyTuple_GET_ITEM(names, i));
		if (!module && !PyErr_ExceptionMatches(PyExc_ImportError))
			return NULL;
		PyErr_Clear();
		Py_XDECREF(module);
	}
	Py_RETURN_NONE;
}

static PyMethodDef finish_imports_method = {"finish_imports", finish_imports, METH_NOARGS, NULL};

static int register_before_fork(PyObject *registration, PyObject *function)
{
	PyObject *no_arguments = PyTuple_New(0);
	PyObject *named = no_arguments ? Py_BuildValue("{sO}", "before", function) : NULL;
	PyObject *result = named ? PyObject_Call(registration, no_arguments, named) : NULL;

	Py_XDECREF(result);
	Py_XDECREF(named);
	Py_XDECREF(no_arguments);
	return result ? 0 : -1;
}

static int call_before_fork(PyObject *function)
{
	PyObject *os = PyImport_ImportModule("os");
	PyObject *registration = os ? attribute(os, "register_at_fork") : NULL;
	int result = registration ? register_before_fork(registration, function) : -1;

	/* Not every system has fork(). */
	if (os && !registration && PyErr_ExceptionMatches(PyExc_AttributeError)) {
		PyErr_Clear();
		result = 0;
	}
	Py_XDECREF(registration);
	Py_XDECREF(os);
	return result;
}

int imports_finish_before_fork(PyObject *names)
{
	PyObject *function = names ? PyCFunction_New(&finish_imports_method, names) : NULL;
	int result = function ? call_before_fork(function) : -1;

	Py_XDECREF(function);
	Py_XDECREF(names);
	return result;
}

PyObject *imports_module(struct module_state *state, const char *name)
{
	PyObject *module = published(state, name);

	if (module || !PyErr_ExceptionMatches(PyExc_NameError))
		return module;
	PyErr_Clear();
	return PyImport_ImportModule(name);
}
