/*
 * Whether the methods of a type are still csocket's own.
 */
#include "socket/type_watch.h"

#include "convert/objects.h"
#include "socket/any_method.h"

static bool is_method(PyObject *object, void (*function)(void))
{
	const struct any_method *method = any_method_of(object);

	if (method)
		return AS_OWN(method->call) == function;
	return Py_IS_TYPE(object, &PyMethodDescr_Type) &&
	       AS_OWN(((PyMethodDescrObject *)object)->d_method->ml_meth) == function;
}

bool type_has_own(PyTypeObject *type, const struct own_method *method)
{
	PyObject *found = attribute((PyObject *)type, method->name);
	PyObject *inherited =
		method->function ? NULL : attribute((PyObject *)type->tp_base, method->name);
	bool is_own = found &&
		      (method->function ? is_method(found, method->function) : found == inherited);

	Py_XDECREF(inherited);
	Py_XDECREF(found);
	PyErr_Clear();
	return is_own;
}

bool type_look_through(PyTypeObject *type, struct type_watch *watch)
{
	unsigned int version = type_version(type);
	bool is_own = true;

	if (version != 0 && version == RELAXED_LOAD(&watch->other))
		return false;
	for (const struct own_method *method = watch->methods; is_own && method->name; method++)
		is_own = type_has_own(type, method);
	/* Another thread may have replaced a method meanwhile. */
	if (version != 0 && version == type_version(type))
		RELAXED_STORE(is_own ? &watch->own : &watch->other, version);
	return is_own;
}
