/*
 * Arguments that C functions take as a text or as an unsigned number.
 */
#include "scalars.h"

#include <stdbool.h>
#include <string.h>

#include "arguments.h"
#include "errors.h"

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
