/*
 * Arguments of functions that are called by vectorcall (METH_FASTCALL | METH_KEYWORDS).
 */
#ifndef EXT_ARGUMENTS_H
#define EXT_ARGUMENTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdint.h>

#include "compat.h"
#include "inlining.h"

/* The function and flags of an entry of a method table. */
#define AS_METHOD(function) (PyCFunction)(void (*)(void))(function)
#define FAST(function) AS_METHOD(function), METH_FASTCALL
#define WITH_NAMES(function) AS_METHOD(function), METH_FASTCALL | METH_KEYWORDS

/* The parameters of a function. The required ones come first. */
struct signature {
	const char *function;     /* for messages */
	const char *const *names; /* ends with NULL; an empty name is positional only */
	Py_ssize_t required;      /* how many must be given */
	Py_ssize_t positional;    /* how many may be given by position */
};

/*
 * Sorts the arguments into values, one for each name: borrowed, NULL if not given. 0, or -1 with a
 * TypeError that tells the given and the accepted arguments.
 */
APART int arguments_sort(const struct signature *signature, PyObject *const *args, Py_ssize_t count,
			 PyObject *keyword_names, PyObject **values);

static inline int arguments_parse(const struct signature *signature, PyObject *const *args,
				  Py_ssize_t count, PyObject *keyword_names, PyObject **values)
{
	Py_ssize_t i = 0;

	if (keyword_names || count < signature->required || count > signature->positional)
		return arguments_sort(signature, args, count, keyword_names, values);
	for (; i < count; i++)
		values[i] = args[i];
	for (; signature->names[i]; i++)
		values[i] = NULL;
	return 0;
}

/* TypeError unless minimum <= count <= maximum, for METH_FASTCALL without keywords. */
int arguments_check(const char *function, Py_ssize_t count, Py_ssize_t minimum, Py_ssize_t maximum);

/* An int from an object with __index__: 0, or -1 with TypeError or OverflowError. */
APART int argument_int_from(PyObject *object, int *value);
APART int argument_size_from(PyObject *object, Py_ssize_t *value);

/* Raises OverflowError for a number that does not fit an int. */
void raise_beyond_int(long long number);

static inline int argument_int(PyObject *object, int *value)
{
	Py_ssize_t number;

	if (!int_is_small(object, &number))
		return argument_int_from(object, value);
	*value = (int)number;
	return 0;
}

static inline int argument_size(PyObject *object, Py_ssize_t *value)
{
	return int_is_small(object, value) ? 0 : argument_size_from(object, value);
}

/* The same for an optional argument: NULL leaves the default in value. */
static inline int optional_int(PyObject *object, int *value)
{
	return object ? argument_int(object, value) : 0;
}

static inline int optional_size(PyObject *object, Py_ssize_t *value)
{
	return object ? argument_size(object, value) : 0;
}

/* The name that CPython's argument errors use for the object's type. */
static inline const char *argument_kind(PyObject *object)
{
	return object == Py_None ? "None" : Py_TYPE(object)->tp_name;
}

/* The bytes of a bytes-like object, locked until they are released. */
struct data {
	const char *bytes;
	size_t size;
	Py_buffer view; /* in use if view.obj is set: a bytes object needs none */
};

/* 0, or -1 with an exception. The caller keeps object until it has released the data. */
static inline int data_take(struct data *data, PyObject *object)
{
	data->view.obj = NULL;
	if (PyBytes_CheckExact(object)) {
		data->bytes = PyBytes_AS_STRING(object);
		data->size = (size_t)PyBytes_GET_SIZE(object);
		return 0;
	}
	if (PyObject_GetBuffer(object, &data->view, PyBUF_SIMPLE) < 0)
		return -1;
	data->bytes = data->view.buf;
	data->size = (size_t)data->view.len;
	return 0;
}

static inline void data_release(struct data *data)
{
	if (data->view.obj)
		PyBuffer_Release(&data->view);
}

/*
 * The items of an iterable, named argument in messages. Always copies: what is done with the items
 * may run Python code, which could change a list.
 */
PyObject *argument_tuple(const char *argument, PyObject *iterable);

/*
 * A str as UTF-8 with a final zero, borrowed from it. NULL with TypeError for other types, and
 * ValueError for a text with a null character inside. which names the argument, as in "argument 2".
 */
const char *argument_text(const char *function, const char *which, PyObject *object);

/*
 * A number from 0 to maximum: 0, or -1 with an exception. A negative number is a ValueError from
 * CPython 3.14 on and an OverflowError before, as in stock's module. type is the name of the C type
 * whose largest value is maximum.
 */
int argument_unsigned(const char *type, PyObject *object, uint32_t maximum, uint32_t *value);

#endif
