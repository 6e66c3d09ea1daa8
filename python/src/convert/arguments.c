/*
 * Arguments of vectorcall functions.
 */
#include "convert/arguments.h"

#include <limits.h>
#include <string.h>

#include "convert/errors.h"
#include "convert/objects.h"

/* Raises TypeError in Python's words: "foo() takes at most 3 arguments (4 given)". */
static int raise_count(const char *function, Py_ssize_t given, Py_ssize_t minimum,
		       Py_ssize_t maximum)
{
	Py_ssize_t limit = given < minimum ? minimum : maximum;

	if (minimum == maximum)
		PyErr_Format(PyExc_TypeError, "%s() takes exactly %zd argument%s (%zd given)",
			     function, minimum, minimum == 1 ? "" : "s", given);
	else
		PyErr_Format(PyExc_TypeError, "%s() takes at %s %zd argument%s (%zd given)",
			     function, given < minimum ? "least" : "most", limit,
			     limit == 1 ? "" : "s", given);
	return -1;
}

int arguments_check(const char *function, Py_ssize_t count, Py_ssize_t minimum, Py_ssize_t maximum)
{
	if (count < minimum || count > maximum)
		return raise_count(function, count, minimum, maximum);
	return 0;
}

static Py_ssize_t find_name(const struct signature *signature, PyObject *name)
{
	for (Py_ssize_t i = 0; signature->names[i]; i++)
		if (signature->names[i][0] != '\0' &&
		    PyUnicode_CompareWithASCIIString(name, signature->names[i]) == 0)
			return i;
	return -1;
}

static int take_keyword(const struct signature *signature, PyObject *name, PyObject *value,
			PyObject **values)
{
	Py_ssize_t i = find_name(signature, name);

	if (i < 0) {
		PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument %R",
			     signature->function, name);
		return -1;
	}
	if (values[i]) {
		PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument %R",
			     signature->function, name);
		return -1;
	}
	values[i] = value;
	return 0;
}

int arguments_sort(const struct signature *signature, PyObject *const *args, Py_ssize_t count,
		   PyObject *keyword_names, PyObject **values)
{
	Py_ssize_t keywords = keyword_names ? PyTuple_GET_SIZE(keyword_names) : 0;
	Py_ssize_t names = 0;

	while (signature->names[names])
		names++;
	if (count > signature->positional)
		return raise_count(signature->function, count, signature->required,
				   signature->positional);
	memset(values, 0, (size_t)names * sizeof *values);
	for (Py_ssize_t i = 0; i < count; i++)
		values[i] = args[i];
	for (Py_ssize_t i = 0; i < keywords; i++)
		if (take_keyword(signature, PyTuple_GET_ITEM(keyword_names, i), args[count + i],
				 values) < 0)
			return -1;
	for (Py_ssize_t i = 0; i < names && i < signature->required; i++) {
		if (values[i])
			continue;
		if (signature->names[i][0] == '\0')
			return raise_count(signature->function, count, signature->required,
					   signature->positional);
		PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s' (pos %zd)",
			     signature->function, signature->names[i], i + 1);
		return -1;
	}
	return 0;
}

void raise_beyond_int(long long number)
{
	PyErr_SetString(PyExc_OverflowError, number > 0 ? "signed integer is greater than maximum"
							: "signed integer is less than minimum");
	error_note("given %lld, must be %d to %d", number, INT_MIN, INT_MAX);
}

int argument_int_from(PyObject *object, int *value)
{
	long number = PyLong_AsLong(object);
	if (number == -1 && PyErr_Occurred())
		return -1;
	if (number > INT_MAX || number < INT_MIN) {
		raise_beyond_int(number);
		return -1;
	}
	*value = (int)number;
	return 0;
}

int argument_size_from(PyObject *object, Py_ssize_t *value)
{
	PyObject *index = PyNumber_Index(object);
	Py_ssize_t number = index ? PyLong_AsSsize_t(index) : -1;

	Py_XDECREF(index);
	if (number == -1 && PyErr_Occurred())
		return -1;
	*value = number;
	return 0;
}

const char *argument_text(const char *function, const char *which, PyObject *object)
{
	Py_ssize_t length;

	if (!PyUnicode_Check(object)) {
		PyErr_Format(PyExc_TypeError, "%s() %s must be str, not %s", function, which,
			     argument_kind(object));
		return NULL;
	}
	const char *text = PyUnicode_AsUTF8AndSize(object, &length);
	if (text && strlen(text) != (size_t)length) {
		PyErr_SetString(PyExc_ValueError, "embedded null character");
		error_note("%s() %s is %R", function, which, object);
		return NULL;
	}
	return text;
}

PyObject *argument_tuple(const char *argument, PyObject *iterable)
{
	PyObject *tuple = PySequence_Tuple(iterable);

	if (!tuple && !is_iterable(iterable)) {
		PyErr_Format(PyExc_TypeError, "%s must be an iterable", argument);
		error_note("not %s", Py_TYPE(iterable)->tp_name);
	}
	return tuple;
}

/* The first CPython whose socket module raises ValueError for negative numbers. */
#define NEGATIVE_IS_VALUE_ERROR 0x030e0000

int argument_unsigned(const char *type, PyObject *object, uint32_t maximum, uint32_t *value)
{
	PyObject *index = PyNumber_Index(object);
	int overflow = 0;

	if (!index)
		return -1;
	long long number = PyLong_AsLongLongAndOverflow(index, &overflow);
	Py_DECREF(index);
	if (overflow == 0 && number >= 0 && number <= maximum) {
		*value = (uint32_t)number;
		return 0;
	}
	bool negative = overflow < 0 || (overflow == 0 && number < 0);
	if (!negative)
		PyErr_Format(PyExc_OverflowError, "Python int too large for C %s", type);
	else
		PyErr_SetString(Py_Version >= NEGATIVE_IS_VALUE_ERROR ? PyExc_ValueError
								      : PyExc_OverflowError,
				"Cannot convert negative int");
	error_note("given %R, must be 0-%lu", object, (unsigned long)maximum);
	return -1;
}
