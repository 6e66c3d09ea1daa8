/*
 * The functions that only Windows has.
 */
#include "functions/system.h"

#include "csocket/csocket.h"
#include "csocket/windows.h"

#include "convert/arguments.h"
#include "functions/socketpair.h"
#include "published.h"

PyDoc_STRVAR(fromshare_doc,
	     "fromshare(info)\n--\n\n"
	     "Return a socket made from the bytes that socket.share() has returned in\n"
	     "another process.");

static PyObject *mod_fromshare(PyObject *module, PyObject *const *args, Py_ssize_t count,
			       PyObject *names)
{
	static const char *const parameters[] = {"info", NULL};
	static const struct signature signature = {"fromshare", parameters, 1, 1};
	PyObject *info;

	if (arguments_parse(&signature, args, count, names, &info) < 0)
		return NULL;
	return published_call(module_state(module), "socket",
			      Py_BuildValue("(iiiO)", 0, 0, 0, info));
}

static PyMethodDef functions[] = {
	{"fromshare", WITH_NAMES(mod_fromshare), fromshare_doc},
	{"socketpair", WITH_NAMES(mod_loopback_pair), loopback_pair_doc},
	{NULL, NULL, 0, NULL},
};

PyMethodDef *const system_functions[] = {functions, NULL};

PyMethodDef system_package_functions[] = {
	{NULL, NULL, 0, NULL},
};

/* Ranges of the numbers of Winsock's errors. */
static const struct {
	short from;
	short to;
} errors[] = {
	{WSA_INVALID_HANDLE, WSA_INVALID_HANDLE},
	{WSA_NOT_ENOUGH_MEMORY, WSA_NOT_ENOUGH_MEMORY},
	{WSA_INVALID_PARAMETER, WSA_INVALID_PARAMETER},
	{WSA_OPERATION_ABORTED, WSA_IO_PENDING},
	{WSAEINTR, WSAEINTR},
	{WSAEBADF, WSAEBADF},
	{WSAEACCES, WSAEFAULT},
	{WSAEINVAL, WSAEINVAL},
	{WSAEMFILE, WSAEMFILE},
	{WSAEWOULDBLOCK, WSAEREMOTE},
	{WSASYSNOTREADY, WSANOTINITIALISED},
	{WSAEDISCON, WSAEREFUSED},
	{WSAHOST_NOT_FOUND, WSA_QOS_RESERVED_PETYPE},
};

static int add_error(PyObject *table, int code)
{
	char text[1024];
	PyObject *number = PyLong_FromLong(code);
	PyObject *value = PyUnicode_FromString(
		csock_status_text(csock_status_make(CSOCK_SYSTEM, code), text, sizeof text));
	int result = number && value ? PyDict_SetItem(table, number, value) : -1;

	Py_XDECREF(value);
	Py_XDECREF(number);
	return result;
}

/* errorTab: the text of each error. */
static int add_error_table(PyObject *module)
{
	PyObject *table = PyDict_New();
	int result = table ? 0 : -1;

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		for (int code = errors[i].from; result == 0 && code <= errors[i].to; code++)
			result = add_error(table, code);
	if (result == 0)
		result = PyModule_AddObjectRef(module, "errorTab", table);
	Py_XDECREF(table);
	return result;
}

int system_add(PyObject *module)
{
	/* The interpreter's _overlapped relies on the import of _socket to do this. */
	csock_start_winsock();
	return add_error_table(module);
}
