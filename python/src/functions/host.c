/*
 * This machine: its name and its network interfaces.
 */
#include <limits.h>
#include <stdlib.h>

#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "functions/functions.h"
#include "gil/release.h"

PyDoc_STRVAR(gethostname_doc, "gethostname()\n--\n\n"
			      "The name of this machine, which may lack its domain.");

static PyObject *mod_gethostname(PyObject *module, PyObject *ignored)
{
	char name[CSOCK_HOST_NAME_MAX];

	(void)ignored;
	if (PySys_Audit("socket.gethostname", NULL) < 0)
		return NULL;
	int status = csock_gethostname(name);
	if (status < 0)
		return raise_status(module_state(module), status);
	return PyUnicode_DecodeFSDefault(name);
}

static PyObject *interface_to_python(const struct csock_interface *listed)
{
	PyObject *name = PyUnicode_DecodeFSDefault(listed->name);

	return name ? Py_BuildValue("(IN)", listed->index, name) : NULL;
}

static PyObject *interfaces_to_python(const struct csock_interface *interfaces, int count)
{
	PyObject *list = PyList_New(count);

	for (int i = 0; list && i < count; i++) {
		PyObject *item = interface_to_python(&interfaces[i]);
		if (item)
			PyList_SET_ITEM(list, i, item);
		else
			Py_CLEAR(list);
	}
	return list;
}

static int list_interfaces(void *list)
{
	return csock_if_nameindex(list);
}

PyDoc_STRVAR(if_nameindex_doc, "if_nameindex()\n--\n\n"
			       "A list of the network interfaces, as tuples (index, name).");

static PyObject *mod_if_nameindex(PyObject *module, PyObject *ignored)
{
	struct csock_interface *interfaces;
	int count = call_without_gil(list_interfaces, &interfaces);

	(void)ignored;
	if (count < 0)
		return raise_status(module_state(module), count);
	PyObject *list = interfaces_to_python(interfaces, count);
	free(interfaces);
	return list;
}

PyDoc_STRVAR(if_nametoindex_doc,
	     "if_nametoindex(name, /)\n--\n\n"
	     "The index, from 1 on, of the network interface with a name (str, bytes or path).\n\n"
	     "OSError if there is none.");

static PyObject *mod_if_nametoindex(PyObject *module, PyObject *name)
{
	PyObject *encoded;

	if (!PyUnicode_FSConverter(name, &encoded))
		return NULL;
	int index = csock_if_nametoindex(PyBytes_AS_STRING(encoded));
	Py_DECREF(encoded);
	return index < 0 ? raise_status(module_state(module), index) : PyLong_FromLong(index);
}

PyDoc_STRVAR(if_indextoname_doc, "if_indextoname(index, /)\n--\n\n"
				 "The name of the network interface with an index.\n\n"
				 "OSError if there is none.");

static PyObject *mod_if_indextoname(PyObject *module, PyObject *object)
{
	char name[CSOCK_INTERFACE_NAME_MAX];
	uint32_t index;

	if (argument_unsigned("unsigned int", object, UINT_MAX, &index) < 0)
		return NULL;
	int status = csock_if_indextoname(index, name);
	if (status < 0)
		return raise_status(module_state(module), status);
	return PyUnicode_DecodeFSDefault(name);
}

PyMethodDef host_functions[] = {
	{"gethostname", mod_gethostname, METH_NOARGS, gethostname_doc},
	{"if_nameindex", mod_if_nameindex, METH_NOARGS, if_nameindex_doc},
	{"if_nametoindex", mod_if_nametoindex, METH_O, if_nametoindex_doc},
	{"if_indextoname", mod_if_indextoname, METH_O, if_indextoname_doc},
	{NULL, NULL, 0, NULL},
};
