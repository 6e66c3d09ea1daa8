/*
 * Methods that take any object as their self.
 *
 * Other classes borrow the methods and properties that CPython's socket.py has in Python: a class
 * that is no socket says "makefile = socket.makefile". The methods of a C type refuse such objects.
 * These bind to any object, as functions written in Python do, and use its attributes.
 */
#ifndef EXT_ANY_METHOD_H
#define EXT_ANY_METHOD_H

#include "state.h"

/* Declares or defines the function that implements a method. */
#define ANY_METHOD(name)                                                                           \
	PyObject *name(struct module_state *state, PyObject *self, PyObject *const *args,          \
		       Py_ssize_t count, PyObject *names)

/* The arguments that a method takes beside self. */
enum any_method_arguments {
	TAKES_NONE,
	TAKES_ANY,   /* the method checks them itself */
	IS_PROPERTY, /* none: a read-only property calls it */
};

struct any_method {
	const char *name;      /* NULL ends a list */
	const char *signature; /* in the form that inspect reads, with $self */
	ANY_METHOD((*call));
	enum any_method_arguments takes;
	const char *doc; /* NULL for none */
};

/* Adds the methods of a list to a type of the module: 0, or -1 with an exception. */
int any_methods_add(PyObject *module, PyTypeObject *type, const struct any_method *methods);

/* Returns the entry of a method object, or NULL for any other object. */
const struct any_method *any_method_of(PyObject *object);

#endif
