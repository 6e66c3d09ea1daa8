/*
 * The functions that POSIX systems have, and not every system.
 */
#include "functions/system.h"

#include "csocket/csocket.h"

#include "convert/arguments.h"
#include "convert/errors.h"
#include "functions/functions.h"
#include "functions/socketpair.h"

PyDoc_STRVAR(sethostname_doc, "sethostname(name, /)\n--\n\n"
			      "Rename this machine to name, a str, bytes or path.\n\n"
			      "OSError if the system does not permit it, or the name is too long.");

static PyObject *mod_sethostname(PyObject *module, PyObject *name)
{
	PyObject *encoded = NULL;

	if (PyBytes_Check(name))
		encoded = Py_NewRef(name);
	else if (!PyUnicode_FSConverter(name, &encoded))
		return NULL;
	if (PySys_Audit("socket.sethostname", "(O)", encoded) < 0) {
		Py_DECREF(encoded);
		return NULL;
	}
	int status =
		csock_sethostname(PyBytes_AS_STRING(encoded), (size_t)PyBytes_GET_SIZE(encoded));
	Py_DECREF(encoded);
	return none_or_raise(module_state(module), status);
}

static PyMethodDef host_name_functions[] = {
	{"sethostname", mod_sethostname, METH_O, sethostname_doc},
	{NULL, NULL, 0, NULL},
};

PyMethodDef *const system_functions[] = {
	ancillary_functions, host_name_functions, rights_functions, socketpair_functions, NULL,
};

PyMethodDef system_package_functions[] = {
	{"socketpair", WITH_NAMES(mod_socketpair), socketpair_doc},
	{NULL, NULL, 0, NULL},
};

int system_add(PyObject *module)
{
	(void)module;
	return 0;
}
