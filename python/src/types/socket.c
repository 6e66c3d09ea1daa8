/*
 * The two socket types.
 *
 * The base type stands for _socket.socket: it is immutable, and uses plain ints. The socket type
 * stands for socket.socket: it uses enums, has makefile(), whose files delay close(), and has
 * accept() and dup(), which make sockets.
 */
#include <stddef.h>

#include "convert/arguments.h"
#include "convert/objects.h"
#include "names/enums.h"
#include "socket/any_method.h"
#include "socket/methods.h"
#include "socket/system.h"
#include "types/types.h"

#include <structmember.h>

ANY_METHOD(sock_getstate)
{
	(void)state;
	(void)args;
	(void)count;
	(void)names;
	PyObject *type = attribute(self, "__class__");
	PyObject *name = type ? attribute(type, "__name__") : NULL;
	Py_XDECREF(type);
	if (name)
		PyErr_Format(PyExc_TypeError, "cannot pickle %R object", name);
	Py_XDECREF(name);
	return NULL;
}

static PyObject *get_family(PyObject *object, void *closure)
{
	struct socket_object *self = as_socket(object);

	(void)closure;
	return enum_member(self->state, ENUM_ADDRESS_FAMILY, RELAXED_LOAD(&self->sock.family));
}

static PyObject *get_kind(PyObject *object, void *closure)
{
	struct socket_object *self = as_socket(object);

	(void)closure;
	return enum_member(self->state, ENUM_SOCKET_KIND, RELAXED_LOAD(&self->sock.type));
}

#define SOCK_FIELD(field) offsetof(struct socket_object, sock.field)

static PyMemberDef base_members[] = {
	{"family", T_INT, SOCK_FIELD(family), READONLY, "the address family"},
	{"type", T_INT, SOCK_FIELD(type), READONLY, "the socket type, without flags"},
	{"proto", T_INT, SOCK_FIELD(protocol), READONLY, "the protocol"},
	{NULL, 0, 0, 0, NULL},
};

static PyGetSetDef base_getset[] = {
	{"timeout", sock_get_timeout, NULL, "the timeout in seconds, None if there is none", NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

PyDoc_STRVAR(socket_doc,
	     "socket(family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None)\n--\n\n"
	     "A socket. Its descriptor is not inheritable.\n\n"
	     "With fileno, the socket takes over that descriptor, and asks the kernel for the\n"
	     "family, type or protocol that is not given.");

static PyType_Slot base_slots[] = {
	{Py_tp_doc, (void *)socket_doc},
	{Py_tp_new, sock_new},
	{Py_tp_init, sock_init},
	{Py_tp_traverse, sock_traverse},
	{Py_tp_finalize, sock_finalize},
	{Py_tp_dealloc, sock_dealloc},
	{Py_tp_repr, sock_base_repr},
	{Py_tp_methods, sock_base_methods},
	{Py_tp_members, base_members},
	{Py_tp_getset, base_getset},
	{0, NULL},
};

static PyType_Spec base_spec = {
	.name = "csocket._csocket.socket",
	.basicsize = sizeof(struct socket_object),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC |
		 Py_TPFLAGS_IMMUTABLETYPE,
	.slots = base_slots,
};

/* Only this type has a slot for weak references: Python adds one to subclasses of the base type. */
static PyMemberDef socket_members[] = {
	{"__weaklistoffset__", T_PYSSIZET, offsetof(struct socket_object, weakrefs), READONLY,
	 NULL},
	{"_io_refs", T_INT, offsetof(struct socket_object, io_refs), 0, NULL},
	{"_closed", T_BOOL, offsetof(struct socket_object, closed), 0, NULL},
	{NULL, 0, 0, 0, NULL},
};

static PyGetSetDef socket_getset[] = {
	{"family", get_family, NULL, "the address family", NULL},
	{"type", get_kind, NULL, "the socket type, without flags", NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

/*
 * The type has the methods of its base once more: the interpreter calls a method of an object's own
 * type in fewer steps.
 */
static PyType_Slot socket_slots[] = {
	{Py_tp_doc, (void *)socket_doc},    {Py_tp_dealloc, sock_dealloc},
	{Py_tp_methods, sock_base_methods}, {Py_tp_members, socket_members},
	{Py_tp_getset, socket_getset},      {0, NULL},
};

/* Mutable, so that test tools can replace its methods. */
static PyType_Spec socket_spec = {
	.name = "csocket.socket",
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
	.slots = socket_slots,
};

/* Code that skips the look-up of attributes does so only while these are csocket's own. */
static const struct own_method own_methods[] = {
	{"__init__", NULL},
	{"__new__", NULL},
	{"_accept", AS_OWN(sock_accept_raw)},
	{"_real_close", AS_OWN(sock_real_close)},
	{"_sendfile_use_sendfile", AS_OWN(sock_sendfile_use_sendfile)},
	{"close", AS_OWN(sock_close)},
	{"connect", AS_OWN(sock_connect)},
	{"detach", AS_OWN(sock_detach)},
	{"fileno", AS_OWN(sock_fileno)},
	{"gettimeout", AS_OWN(sock_gettimeout)},
	{"recv_into", AS_OWN(sock_recv_into)},
	{"setblocking", AS_OWN(sock_setblocking)},
	{"settimeout", AS_OWN(sock_settimeout)},
	{NULL, NULL},
};

/* Adds the methods that only this system has. The base type is immutable for all others. */
static int add_system_methods(PyTypeObject *type)
{
	int result = 0;

	for (PyMethodDef *method = sock_system_methods; result == 0 && method->ml_name; method++) {
		PyObject *descriptor = PyDescr_NewMethod(type, method);
		result = descriptor ? type_set(type, method->ml_name, descriptor) : -1;
		Py_XDECREF(descriptor);
	}
	return result;
}

int sock_add_types(PyObject *module)
{
	struct module_state *state = module_state(module);
	PyObject *type = PyType_FromModuleAndSpec(module, &base_spec, NULL);

	state->base_type = (PyTypeObject *)type;
	if (!type || add_system_methods(state->base_type) < 0 ||
	    PyModule_AddObjectRef(module, "socket", type) < 0 ||
	    PyModule_AddObjectRef(module, "SocketType", type) < 0)
		return -1;
	state->socket_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &socket_spec, type);
	if (!state->socket_type || add_system_methods(state->socket_type) < 0)
		return -1;
	state->socket_watch.methods = own_methods;
	/* A slot of the specification from 3.14 on. */
	state->socket_type->tp_vectorcall = sock_vectorcall;
	return any_methods_add(module, state->socket_type, sock_methods);
}
