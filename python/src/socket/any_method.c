/*
 * Methods that take any object as their self.
 */
#include "socket/any_method.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <structmember.h>

#include "convert/objects.h"
#include "inlining.h"

struct method_object {
	PyObject_HEAD
	vectorcallfunc vectorcall;
	const struct any_method *method;
	const char *type_name; /* of the type that has the method; the state keeps it alive */
	PyObject *module;      /* keeps the state alive */
	struct module_state *state;
	PyObject *attributes; /* that programs have set; NULL for none */
	PyObject *weakrefs;
};

static struct method_object *as_method(PyObject *self)
{
	return (struct method_object *)self;
}

/* Raises TypeError for a call without self, or with arguments that the method does not take. */
ASIDE static PyObject *refuse(const struct method_object *object, Py_ssize_t count)
{
	const char *type = object->type_name;
	const char *name = object->method->name;

	if (count == 0)
		PyErr_Format(PyExc_TypeError,
			     "%s.%s() missing 1 required positional argument: 'self'", type, name);
	else if (count > 1)
		PyErr_Format(PyExc_TypeError, "%s.%s() takes no arguments (%zd given)", type, name,
			     count - 1);
	else
		PyErr_Format(PyExc_TypeError, "%s.%s() takes no keyword arguments", type, name);
	return NULL;
}

static PyObject *method_vectorcall(PyObject *self, PyObject *const *args, size_t flags,
				   PyObject *names)
{
	const struct method_object *object = as_method(self);
	const struct any_method *method = object->method;
	Py_ssize_t count = PyVectorcall_NARGS(flags);
	bool has_others = count != 1 || names;

	if (UNLIKELY(has_others && (count == 0 || method->takes != TAKES_ANY)))
		return refuse(object, count);
	return method->call(object->state, args[0], args + 1, count - 1, names);
}

static PyObject *method_get(PyObject *self, PyObject *object, PyObject *type)
{
	(void)type;
	return object && object != Py_None ? PyMethod_New(self, object) : Py_NewRef(self);
}

static PyObject *get_name(PyObject *self, void *closure)
{
	(void)closure;
	return PyUnicode_FromString(as_method(self)->method->name);
}

static PyObject *get_qualified_name(PyObject *self, void *closure)
{
	(void)closure;
	return PyUnicode_FromFormat("%s.%s", as_method(self)->type_name,
				    as_method(self)->method->name);
}

static PyObject *get_module(PyObject *self, void *closure)
{
	(void)closure;
	return Py_XNewRef(as_method(self)->state->public_name);
}

static PyObject *get_signature(PyObject *self, void *closure)
{
	(void)closure;
	return PyUnicode_FromString(as_method(self)->method->signature);
}

static PyObject *get_doc(PyObject *self, void *closure)
{
	const char *doc = as_method(self)->method->doc;

	(void)closure;
	if (!doc)
		Py_RETURN_NONE;
	return PyUnicode_FromString(doc);
}

/* None of the arguments has an annotation: typing and functools.wraps() ask functions for them. */
static PyObject *get_annotations(PyObject *self, void *closure)
{
	(void)self;
	(void)closure;
	return PyDict_New();
}

/* From 3.14 on, annotations are asked for by this name, not by __annotations__. */
static PyObject *get_annotate(PyObject *self, void *closure)
{
	(void)self;
	(void)closure;
	Py_RETURN_NONE;
}

static PyObject *method_repr(PyObject *self)
{
	return PyUnicode_FromFormat("<method %s.%s>", as_method(self)->type_name,
				    as_method(self)->method->name);
}

/* A pickle finds the method again by its name, as it does with functions. */
static PyObject *method_reduce(PyObject *self, PyObject *ignored)
{
	(void)ignored;
	return get_qualified_name(self, NULL);
}

static int method_traverse(PyObject *self, visitproc visit, void *arg)
{
	Py_VISIT(Py_TYPE(self));
	Py_VISIT(as_method(self)->module);
	Py_VISIT(as_method(self)->attributes);
	return 0;
}

static int method_clear(PyObject *self)
{
	Py_CLEAR(as_method(self)->attributes);
	return 0;
}

static void method_dealloc(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);

	PyObject_GC_UnTrack(self);
	if (as_method(self)->weakrefs)
		PyObject_ClearWeakRefs(self);
	Py_XDECREF(as_method(self)->attributes);
	Py_XDECREF(as_method(self)->module);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyMemberDef method_members[] = {
	{"__vectorcalloffset__", T_PYSSIZET, offsetof(struct method_object, vectorcall), READONLY,
	 NULL},
	{"__dictoffset__", T_PYSSIZET, offsetof(struct method_object, attributes), READONLY, NULL},
	{"__weaklistoffset__", T_PYSSIZET, offsetof(struct method_object, weakrefs), READONLY,
	 NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyGetSetDef method_getset[] = {
	{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
	{"__name__", get_name, NULL, NULL, NULL},
	{"__qualname__", get_qualified_name, NULL, NULL, NULL},
	{"__module__", get_module, NULL, NULL, NULL},
	{"__text_signature__", get_signature, NULL, NULL, NULL},
	{"__doc__", get_doc, NULL, NULL, NULL},
	{"__annotations__", get_annotations, NULL, NULL, NULL},
	{"__annotate__", get_annotate, NULL, NULL, NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef method_methods[] = {
	{"__reduce__", method_reduce, METH_NOARGS, NULL},
	{NULL, NULL, 0, NULL},
};

static PyType_Slot method_slots[] = {
	{Py_tp_call, (void *)PyVectorcall_Call}, {Py_tp_descr_get, (void *)method_get},
	{Py_tp_repr, (void *)method_repr},       {Py_tp_traverse, (void *)method_traverse},
	{Py_tp_clear, (void *)method_clear},     {Py_tp_dealloc, (void *)method_dealloc},
	{Py_tp_members, method_members},         {Py_tp_getset, method_getset},
	{Py_tp_methods, method_methods},         {0, NULL},
};

static PyType_Spec method_spec = {
	.name = "csocket._csocket.method",
	.basicsize = sizeof(struct method_object),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
		 Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_METHOD_DESCRIPTOR |
		 Py_TPFLAGS_HAVE_VECTORCALL,
	.slots = method_slots,
};

/* The type's name without the module's, as socket.py has it. */
static const char *name_of(const PyTypeObject *type)
{
	return strrchr(type->tp_name, '.') + 1;
}

static PyObject *new_method(PyObject *module, const PyTypeObject *type,
			    const struct any_method *method)
{
	struct module_state *state = module_state(module);
	PyObject *self = state->method_type->tp_alloc(state->method_type, 0);

	if (!self)
		return NULL;
	*as_method(self) = (struct method_object){
		.ob_base = as_method(self)->ob_base,
		.vectorcall = method_vectorcall,
		.method = method,
		.type_name = name_of(type),
		.module = Py_NewRef(module),
		.state = state,
	};
	return self;
}

/* A property that calls the method, as the decorator makes it. NULL passes on an exception. */
static PyObject *new_property(PyObject *method, PyTypeObject *type, const char *name)
{
	PyObject *property =
		method ? PyObject_CallOneArg((PyObject *)&PyProperty_Type, method) : NULL;

	Py_XDECREF(method);
	/* Its error messages contain this name. */
	if (property && method_do(property, "__set_name__", Py_BuildValue("Os", type, name)) < 0)
		Py_CLEAR(property);
	return property;
}

static int add_method(PyObject *module, PyTypeObject *type, const struct any_method *method)
{
	PyObject *self = new_method(module, type, method);

	if (method->takes == IS_PROPERTY)
		self = new_property(self, type, method->name);
	int result = self ? PyObject_SetAttrString((PyObject *)type, method->name, self) : -1;
	Py_XDECREF(self);
	return result;
}

int any_methods_add(PyObject *module, PyTypeObject *type, const struct any_method *methods)
{
	struct module_state *state = module_state(module);
	int result = 0;

	if (!state->method_type)
		state->method_type =
			(PyTypeObject *)PyType_FromModuleAndSpec(module, &method_spec, NULL);
	if (!state->method_type)
		return -1;
	for (; result == 0 && methods->name; methods++)
		result = add_method(module, type, methods);
	return result;
}

const struct any_method *any_method_of(PyObject *object)
{
	return PyVectorcall_Function(object) == method_vectorcall ? as_method(object)->method
								  : NULL;
}
