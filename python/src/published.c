/*
 * The namespace that the interface was published in.
 */
#include "published.h"

PyObject *published_as(struct module_state *state, PyObject *name)
{
	PyObject *source = state->namespace ? state->namespace : PyModule_GetDict(state->module);
	PyObject *value = PyObject_GetItem(source, name);

	if (!value && PyErr_ExceptionMatches(PyExc_KeyError))
		PyErr_Format(PyExc_NameError, "name %R is not defined in the socket module", name);
	return value;
}

PyObject *published(struct module_state *state, const char *name)
{
	PyObject *key = PyUnicode_InternFromString(name);
	PyObject *value = key ? published_as(state, key) : NULL;

	Py_XDECREF(key);
	return value;
}

PyObject *published_call(struct module_state *state, const char *name, PyObject *arguments)
{
	PyObject *function = arguments ? published(state, name) : NULL;
	PyObject *result = function ? PyObject_Call(function, arguments, NULL) : NULL;

	Py_XDECREF(function);
	Py_XDECREF(arguments);
	return result;
}
