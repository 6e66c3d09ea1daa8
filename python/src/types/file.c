/*
 * The type SocketIO, and its fields.
 */
#include "types/file.h"

#include "convert/objects.h"
#include "types/types.h"

#include <stddef.h>
#include <structmember.h>

static int io_traverse(PyObject *self, visitproc visit, void *arg);

/* Subclasses may have inherited the functions below. */
PyTypeObject *io_own_type(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);

	while (type->tp_traverse != io_traverse || type->tp_base->tp_traverse == io_traverse)
		type = type->tp_base;
	return type;
}

static int io_traverse(PyObject *self, visitproc visit, void *arg)
{
	const PyTypeObject *type = io_own_type(self);
	const struct socket_io *file = io_fields(type, self);

	Py_VISIT(file->sock);
	Py_VISIT(file->mode);
	Py_VISIT(file->reading);
	Py_VISIT(file->writing);
	Py_VISIT(file->timeout_occurred);
	/* A base type on the heap, as from 3.12 on, visits the type itself. */
	if (!PyType_HasFeature(type->tp_base, Py_TPFLAGS_HEAPTYPE))
		Py_VISIT(Py_TYPE(self));
	return type->tp_base->tp_traverse(self, visit, arg);
}

static int io_clear(PyObject *self)
{
	const PyTypeObject *type = io_own_type(self);
	struct socket_io *file = io_fields(type, self);

	Py_CLEAR(file->sock);
	Py_CLEAR(file->mode);
	Py_CLEAR(file->reading);
	Py_CLEAR(file->writing);
	Py_CLEAR(file->timeout_occurred);
	return type->tp_base->tp_clear(self);
}

/* Code that skips the look-up of attributes does so only while these are csocket's own. */
static const struct own_method own_methods[] = {
	{"_checkClosed", NULL},
	{"_checkReadable", NULL},
	{"_checkWritable", NULL},
	{"closed", NULL},
	{"readable", AS_OWN(io_readable)},
	{"readinto", AS_OWN(io_readinto)},
	{"writable", AS_OWN(io_writable)},
	{NULL, NULL},
};

PyDoc_STRVAR(io_doc, "SocketIO(sock, mode)\n--\n\n"
		     "The raw, unbuffered binary file on a socket, as makefile() makes it.\n\n"
		     "mode is 'r', 'w' or 'rw', with or without 'b'.");

/*
 * Derives the type from a base whose size is known only now. The interpreter's deallocation clears
 * the fields, and closes a file that was left open.
 */
static PyObject *derive(PyObject *module, PyObject *base)
{
	Py_ssize_t start = ((PyTypeObject *)base)->tp_basicsize;
#define FIELD(field) T_OBJECT_EX, start + (Py_ssize_t)offsetof(struct socket_io, field), 0, NULL
	PyMemberDef members[] = {
		{"_sock", FIELD(sock)},
		{"_mode", FIELD(mode)},
		{"_reading", FIELD(reading)},
		{"_writing", FIELD(writing)},
		{"_timeout_occurred", FIELD(timeout_occurred)},
		{NULL, 0, 0, 0, NULL},
	};
#undef FIELD
	PyType_Slot slots[] = {
		{Py_tp_doc, (void *)io_doc}, {Py_tp_traverse, io_traverse}, {Py_tp_clear, io_clear},
		{Py_tp_methods, io_methods}, {Py_tp_members, members},      {0, NULL},
	};
	PyType_Spec spec = {
		.name = "csocket.SocketIO",
		.basicsize = (int)(start + (Py_ssize_t)sizeof(struct socket_io)),
		.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
		.slots = slots,
	};

	return PyType_FromModuleAndSpec(module, &spec, base);
}

static PyObject *io_attribute(const char *module_name, const char *name)
{
	PyObject *module = PyImport_ImportModule(module_name);
	PyObject *value = module ? attribute(module, name) : NULL;

	Py_XDECREF(module);
	return value;
}

/*
 * A type made in C may not have the metaclass of io.RawIOBase. Like io.FileIO it derives from the C
 * type below io.RawIOBase, and is registered with io.RawIOBase.
 */
static PyObject *make_type(PyObject *module)
{
	PyObject *base = io_attribute("_io", "_RawIOBase");
	PyObject *abstract = base ? io_attribute("io", "RawIOBase") : NULL;
	PyObject *type = abstract ? derive(module, base) : NULL;
	PyObject *done = type ? method_call("register", abstract, type) : NULL;

	if (!done)
		Py_CLEAR(type);
	Py_XDECREF(done);
	Py_XDECREF(abstract);
	Py_XDECREF(base);
	return type;
}

int socket_io_add_type(PyObject *module)
{
	struct module_state *state = module_state(module);
	PyObject *type = make_type(module);

	state->io_type = (PyTypeObject *)type;
	state->io_watch.methods = own_methods;
	if (!type || any_methods_add(module, state->io_type, io_any_methods) < 0)
		return -1;
	return PyModule_AddObjectRef(module, "SocketIO", type);
}
