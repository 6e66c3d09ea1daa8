/*
 * The protocols of this build and of this kernel, for the command line.
 */
#include "functions/functions.h"
#include "gil/release.h"

#include "csocket/csocket.h"

static int probe(void *protocol)
{
	return csock_protocol_probe(protocol);
}

/* True, False, or a text with the reason why it is not known. */
static PyObject *presence(const struct csock_protocol *protocol)
{
	char text[128];
	/* The probe only reads it. */
	int status = call_without_gil(probe, (void *)(uintptr_t)protocol);

	if (status < 0)
		return PyUnicode_FromString(csock_status_text(status, text, sizeof text));
	return PyBool_FromLong(status);
}

static PyObject *describe(const struct csock_protocol *protocol)
{
	const struct csock_family *family = csock_family_find(protocol->family, protocol->protocol);
	PyObject *present = presence(protocol);

	if (!present)
		return NULL;
	return Py_BuildValue("(sszNs)", protocol->family_name, protocol->name,
			     family ? family->form : NULL, present, protocol->needs);
}

PyDoc_STRVAR(protocols_doc,
	     "_protocols()\n--\n\n"
	     "Return a tuple for each protocol that sockets can be opened for: its family, its\n"
	     "name, the form of its addresses or None if this build has none, whether the kernel\n"
	     "has it (True, False, or a text with the reason why that is not known), and what a\n"
	     "kernel needs to have it. Each is tried, for which the kernel may load modules.");

static PyObject *mod_protocols(PyObject *module, PyObject *ignored)
{
	const struct csock_protocol *protocol;
	PyObject *list = PyList_New(0);

	(void)module;
	(void)ignored;
	for (size_t i = 0; list && (protocol = csock_protocol_at(i)); i++) {
		PyObject *item = describe(protocol);
		if (!item || PyList_Append(list, item) < 0)
			Py_CLEAR(list);
		Py_XDECREF(item);
	}
	return list;
}

PyMethodDef protocol_functions[] = {
	{"_protocols", mod_protocols, METH_NOARGS, protocols_doc},
	{NULL, NULL, 0, NULL},
};
