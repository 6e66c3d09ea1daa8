/*
 * Arguments of functions that are called by vectorcall (METH_FASTCALL | METH_KEYWORDS).
 */
#ifndef EXT_ARGUMENTS_H
#define EXT_ARGUMENTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* The function and flags of an entry of a method table. */
#define FAST(function) (PyCFunction)(void (*)(void))(function), METH_FASTCALL
#define WITH_NAMES(function) (PyCFunction)(void (*)(void))(function), METH_FASTCALL | METH_KEYWORDS

/* What a function takes. Names that begin with required come first. */
struct signature {
	const char *function;     /* for messages */
	const char *const *names; /* ends with NULL; an empty name is positional only */
	Py_ssize_t required;      /* so many of them must be given */
	Py_ssize_t positional;    /* so many of them may be given by position */
};

/*
 * Sorts the arguments into values, one for each name: borrowed, NULL where left out. 0, or -1
 * with a TypeError that says what was given and what is accepted.
 */
int arguments_parse(const struct signature *signature, PyObject *const *args, Py_ssize_t count,
		    PyObject *keyword_names, PyObject **values);

/* TypeError unless minimum <= count <= maximum, for METH_FASTCALL without keywords. */
int arguments_check(const char *function, Py_ssize_t count, Py_ssize_t minimum, Py_ssize_t maximum);

/*
 * An int from an object with __index__: 0, or -1 with TypeError or OverflowError. value is
 * left alone where object is NULL, so that it can hold the default.
 */
int argument_int(PyObject *object, int *value);
int argument_size(PyObject *object, Py_ssize_t *value);

#endif
