/*
 * Methods that take any object as their self.
 *
 * What CPython's socket.py has in Python other classes borrow: "makefile = socket.makefile" in a
 * class that is no socket. The methods of a C type refuse such objects. These bind to any object,
 * as functions written in Python do, and use it by its attributes.
 */
#ifndef EXT_ANY_METHOD_H
#define EXT_ANY_METHOD_H

#include "state.h"

/* The function of a method. */
#define ANY_METHOD(name)                                                                           \
	PyObject *name(struct module_state *state, PyObject *self, PyObject *const *args,          \
		       Py_ssize_t count, PyObject *names)

/* What a method takes beside self. */
enum any_method_arguments {
	TAKES_NONE,
	TAKES_ANY, /* it looks at them itself */
};

struct any_method {
	const char *name;      /* NULL ends a list */
	const char *signature; /* as inspect reads it, with $self */
	ANY_METHOD((*call));
	enum any_method_arguments takes;
	const char *doc; /* NULL for none */
};

/* Makes the methods of a list attributes of a type: 0, or -1 with an exception. */
int any_methods_add(PyObject *module, PyTypeObject *type, const struct any_method *methods);

/* The method that an object is, or NULL. */
const struct any_method *any_method_of(PyObject *object);

#endif
