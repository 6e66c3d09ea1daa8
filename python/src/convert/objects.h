/*
 * Work with objects that may be of any type. The functions that socket.py has in Python need it:
 * they accept whatever programs put in the place of sockets and functions.
 */
#ifndef EXT_OBJECTS_H
#define EXT_OBJECTS_H

#include "compat.h"

/*
 * Get an attribute, and call a method: method_call("bind", sock, address). Unlike
 * PyObject_GetAttrString() and PyObject_CallMethod() they intern the name. The method cache of
 * types keeps every name that was looked up, and never finds one that was made for a single call.
 */
PyObject *attribute(PyObject *object, const char *name);
#define method_call(name, ...)                                                                     \
	method_call_with(name, (PyObject *[]){__VA_ARGS__},                                        \
			 sizeof((PyObject *[]){__VA_ARGS__}) / sizeof(PyObject *))

/* The first argument is the object whose method it is. */
PyObject *method_call_with(const char *name, PyObject *const *arguments, size_t count);

/* Calls a method with a tuple, which it steals: 0, or -1 with an exception. */
int method_do(PyObject *object, const char *name, PyObject *arguments);

/* "super(type, self).method()"; self must be of that type. */
PyObject *super_call(PyTypeObject *type, PyObject *self, const char *method);

/* Whether iter(object) would find a way to iterate: the test that CPython's messages depend on. */
static inline bool is_iterable(PyObject *object)
{
	return Py_TYPE(object)->tp_iter || PySequence_Check(object);
}

/* The items of an iterable as a tuple of count, as "a, b = object" unpacks them. */
PyObject *unpack(PyObject *object, Py_ssize_t count);

/* Whether the running Python code is that of a module: 1, 0 (also if it is not imported), or -1. */
int called_from(const char *module);

/* "object == value", or another comparison (Py_LT, ...): 1 or 0, or -1 with an exception. */
int compare_int(PyObject *object, int value, int operation);

/* The same for an attribute; its truth; and "object.name += value": 0, or -1 with an exception. */
int attribute_compare(PyObject *object, PyObject *name, int value, int operation);
int attribute_truth(PyObject *object, PyObject *name);
int attribute_add(PyObject *object, PyObject *name, int value);

/* Sets the context of the exception that is set. Steals context. */
void exception_chain(PyObject *context);

/*
 * Closes a socket while an exception is set, and steals the reference. The exception stays set. If
 * close() raises another one, the first becomes its context.
 */
void close_raised(PyObject *sock);

/*
 * Calls a type by its __new__ and __init__, not by its vectorcall. The arguments are those of a
 * vectorcall: count positional ones, and those that names (or NULL) names.
 */
PyObject *type_call(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *names);

#endif
