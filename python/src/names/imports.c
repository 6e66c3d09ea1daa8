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

static int call_before_fork(PyObject *function)
{
	PyObject *result = NULL;
	PyObject *os = PyImport_ImportModule("os");
	PyObject *registration = os ? attribute(os, "register_at_fork") : NULL;
	PyObject *no_arguments = registration ? PyTuple_New(0) : NULL;
	PyObject *named = no_arguments ? Py_BuildValue("{sO}", "before", function) : NULL;

	if (named)
		result = PyObject_Call(registration, no_arguments, named);
	Py_XDECREF(named);
	Py_XDECREF(no_arguments);
	Py_XDECREF(registration);
	Py_XDECREF(os);
	Py_XDECREF(result);
	return result ? 0 : -1;
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
