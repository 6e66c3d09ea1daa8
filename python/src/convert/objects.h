/*
 * Work with objects that may be of any type, for the functions that socket.py has in Python:
 * what programs put in the place of sockets and functions has to work there.
 */
#ifndef EXT_OBJECTS_H
#define EXT_OBJECTS_H

#include "compat.h"

/*
 * An attribute, and the result of a method: method_call("bind", sock, address). Unlike
 * PyObject_GetAttrString() and PyObject_CallMethod() they intern the name: the types' method cache
 * keeps every name that it was asked for, and finds none that was made for the one call.
 */
PyObject *attribute(PyObject *object, const char *name);
#define method_call(name, ...)                                                                     \
	method_call_with(name, (PyObject *[]){__VA_ARGS__},                                        \
			 sizeof((PyObject *[]){__VA_ARGS__}) / sizeof(PyObject *))

/* The first of the arguments is the object whose method it is. */
PyObject *method_call_with(const char *name, PyObject *const *arguments, size_t count);

/* Calls a method in the same way, and drops what it returns: 0, or -1 with an exception. */
int method_do(PyObject *object, const char *name, PyObject *arguments);

/* "super(type, self).method()", which wants self to be of that type. */
PyObject *super_call(PyTypeObject *type, PyObject *self, const char *method);

/* Whether iter(object) would find a way to iterate, as CPython's own messages ask. */
static inline bool is_iterable(PyObject *object)
{
	return Py_TYPE(object)->tp_iter || PySequence_Check(object);
}

/* The items of an iterable, which must be so many, as a tuple: "a, b = object". */
PyObject *unpack(PyObject *object, Py_ssize_t count);

/* Whether the running Python code is that of a module, imported or not: 1, 0, or -1. */
int called_from(const char *module);

/* "object == value", or what operation stands for (Py_LT, ...): 1 or 0, or -1 with an exception. */
int compare_int(PyObject *object, int value, int operation);

/* The same for an attribute; its truth; and "object.name += value": 0, or -1 with an exception. */
int attribute_compare(PyObject *object, PyObject *name, int value, int operation);
int attribute_truth(PyObject *object, PyObject *name);
int attribute_add(PyObject *object, PyObject *name, int value);

/* Gives the exception that is set another one as its context, which it takes over. */
void exception_chain(PyObject *context);

/*
 * Closes a socket, and gives up the reference, with an exception set. It stays set; where
 * close() raises one of its own, it becomes the context of that.
 */
void close_raised(PyObject *sock);

/*
 * Calls a type by its __new__ and __init__, whatever vectorcall it has. The arguments are those of
 * a vectorcall: count positional ones, and those that names (or NULL) names.
 */
PyObject *type_call(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *names);

#endif
