/*
 * Work with objects that may be of any type.
 */
#include "convert/objects.h"

#include "convert/errors.h"
#include "inlining.h"

PyObject *attribute(PyObject *object, const char *name)
{
	PyObject *interned = PyUnicode_InternFromString(name);
	PyObject *value = interned ? PyObject_GetAttr(object, interned) : NULL;

	Py_XDECREF(interned);
	return value;
}

PyObject *method_call_with(const char *name, PyObject *const *arguments, size_t count)
{
	PyObject *interned = PyUnicode_InternFromString(name);
	PyObject *result =
		interned ? PyObject_VectorcallMethod(interned, arguments, count, NULL) : NULL;

	Py_XDECREF(interned);
	return result;
}

int method_do(PyObject *object, const char *name, PyObject *arguments)
{
	PyObject *method = arguments ? attribute(object, name) : NULL;
	PyObject *result = method ? PyObject_Call(method, arguments, NULL) : NULL;

	Py_XDECREF(method);
	Py_XDECREF(arguments);
	Py_XDECREF(result);
	return result ? 0 : -1;
}

PyObject *super_call(PyTypeObject *type, PyObject *self, const char *method)
{
	PyObject *base = PyObject_CallFunctionObjArgs((PyObject *)&PySuper_Type, type, self, NULL);
	PyObject *result = base ? method_call(method, base) : NULL;

	Py_XDECREF(base);
	return result;
}

/* Fills the tuple and returns how many items there were, count + 1 for more; or -1. */
static Py_ssize_t fill(PyObject *tuple, PyObject *iterator, Py_ssize_t count)
{
	for (Py_ssize_t i = 0; i <= count; i++) {
		PyObject *item = PyIter_Next(iterator);
		if (!item)
			return PyErr_Occurred() ? -1 : i;
		if (i < count)
			PyTuple_SET_ITEM(tuple, i, item);
		else
			Py_DECREF(item);
	}
	return count + 1;
}

static void raise_unpacking(PyObject *object, Py_ssize_t found, Py_ssize_t count)
{
	if (found > count)
		PyErr_Format(PyExc_ValueError, "too many values to unpack (expected %zd)", count);
	else
		PyErr_Format(PyExc_ValueError,
			     "not enough values to unpack (expected %zd, got %zd)", count, found);
	error_note("given %R", object);
}

PyObject *unpack(PyObject *object, Py_ssize_t count)
{
	if (PyTuple_CheckExact(object) && PyTuple_GET_SIZE(object) == count)
		return Py_NewRef(object);
	PyObject *iterator = PyObject_GetIter(object);
	PyObject *tuple = iterator ? PyTuple_New(count) : NULL;
	Py_ssize_t found = tuple ? fill(tuple, iterator, count) : -1;

	if (!iterator && !is_iterable(object))
		PyErr_Format(PyExc_TypeError, "cannot unpack non-iterable %s object",
			     Py_TYPE(object)->tp_name);
	else if (found >= 0 && found != count)
		raise_unpacking(object, found, count);
	if (found != count)
		Py_CLEAR(tuple);
	Py_XDECREF(iterator);
	return tuple;
}

int called_from(const char *module)
{
	PyObject *name = PyUnicode_InternFromString(module);
	PyObject *found = name ? PyImport_GetModule(name) : NULL;
	bool is_its =
		found && PyModule_Check(found) && PyModule_GetDict(found) == PyEval_GetGlobals();

	Py_XDECREF(found);
	Py_XDECREF(name);
	return PyErr_Occurred() ? -1 : is_its;
}

int compare_int(PyObject *object, int value, int operation)
{
	PyObject *number = PyLong_FromLong(value);
	int result = number ? PyObject_RichCompareBool(object, number, operation) : -1;

	Py_XDECREF(number);
	return result;
}

int attribute_compare(PyObject *object, PyObject *name, int value, int operation)
{
	PyObject *found = PyObject_GetAttr(object, name);
	int result = found ? compare_int(found, value, operation) : -1;

	Py_XDECREF(found);
	return result;
}

int attribute_truth(PyObject *object, PyObject *name)
{
	PyObject *found = PyObject_GetAttr(object, name);
	int result = found ? PyObject_IsTrue(found) : -1;

	Py_XDECREF(found);
	return result;
}

int attribute_add(PyObject *object, PyObject *name, int value)
{
	PyObject *found = PyObject_GetAttr(object, name);
	PyObject *number = found ? PyLong_FromLong(value) : NULL;
	PyObject *sum = number ? PyNumber_InPlaceAdd(found, number) : NULL;
	int result = sum ? PyObject_SetAttr(object, name, sum) : -1;

	Py_XDECREF(sum);
	Py_XDECREF(number);
	Py_XDECREF(found);
	return result;
}

/* Borrowed, NULL for none. */
static PyObject *context_of(PyObject *exception)
{
	PyObject *context = PyException_GetContext(exception);

	Py_XDECREF(context);
	return context;
}

/* Ends a chain of contexts before the exception, if that is in it. */
static void end_chain_before(PyObject *chain, PyObject *exception)
{
	PyObject *slow = chain;
	bool is_even = true;

	for (PyObject *next; (next = context_of(chain)); chain = next, is_even = !is_even) {
		if (next == exception)
			PyException_SetContext(chain, NULL);
		/* A program may have made a circle of other exceptions. */
		if (next == exception || next == slow)
			return;
		slow = is_even ? slow : context_of(slow);
	}
}

void exception_chain(PyObject *context)
{
	PyObject *exception = exception_take();

	/* Keeps an exception out of its own chain: code that follows the chain would never end. */
	end_chain_before(context, exception);
	if (exception == context)
		Py_DECREF(context);
	else
		PyException_SetContext(exception, context);
	exception_raise(exception);
}

void close_raised(PyObject *sock)
{
	PyObject *exception = exception_take();

	if (method_do(sock, "close", PyTuple_New(0)) < 0)
		exception_chain(exception);
	else
		exception_raise(exception);
	Py_DECREF(sock);
}

PyObject *type_call(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
	PyObject *kwargs = names ? PyDict_New() : NULL;
	PyObject *positional = NULL, *made = NULL;
	int result = names && !kwargs ? -1 : 0;

	for (Py_ssize_t i = 0; names && result == 0 && i < PyTuple_GET_SIZE(names); i++)
		result = PyDict_SetItem(kwargs, PyTuple_GET_ITEM(names, i), args[count + i]);
	if (result == 0)
		positional = PyTuple_New(count);
	for (Py_ssize_t i = 0; positional && i < count; i++)
		PyTuple_SET_ITEM(positional, i, Py_NewRef(args[i]));
	if (positional)
		made = PyType_Type.tp_call(type, positional, kwargs);
	Py_XDECREF(positional);
	Py_XDECREF(kwargs);
	return made;
}
