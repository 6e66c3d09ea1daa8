/*
 * What Python shows differently by system: Windows.
 */
#include <errno.h>
#include <string.h>

#include "convert/arguments.h"
#include "convert/objects.h"
#include "convert/system.h"

/* Windows has its own numbers: the exception has both the number, as winerror, and its errno. */
PyObject *system_raise(int code)
{
	return PyErr_SetFromWindowsErr(code);
}

PyObject *system_raise_last(void)
{
	return PyErr_SetFromWindowsErr(WSAGetLastError());
}

int system_code(int error)
{
	switch (error) {
	case EAGAIN:
	case EWOULDBLOCK:
		return WSAEWOULDBLOCK;
	case EINTR:
		return WSAEINTR;
	default:
		return ERROR_BUSY;
	}
}

/* Programs compare with these texts, which are stock's. */
const struct system_texts system_texts = {"getaddrinfo failed", "host not found"};

int system_handle(PyObject *object, csock_handle *handle)
{
	long long number = PyLong_AsLongLong(object);

	if (number == -1 && PyErr_Occurred())
		return -1;
	*handle = (csock_handle)number;
	return 0;
}

/* A fileno() is a number of the interpreter's C library. msvcrt asks that one. */
int system_file_handle(PyObject *fileno, csock_handle *handle)
{
	PyObject *runtime = PyImport_ImportModule("msvcrt");
	PyObject *number = runtime ? method_call("get_osfhandle", runtime, fileno) : NULL;
	int result = number ? system_handle(number, handle) : -1;

	Py_XDECREF(number);
	Py_XDECREF(runtime);
	return result;
}

int system_inheritable(PyObject *object, int *flag)
{
	*flag = PyObject_IsTrue(object);
	return *flag < 0 ? -1 : 0;
}

const char system_get_inheritable[] = "get_handle_inheritable";
const char system_set_inheritable[] = "set_handle_inheritable";

/* Stock raises the event only for new and for shared sockets. */
const bool system_audits_handles = false;

/* CPython's tests of earlier releases accept no option of TCP that they do not know. */
bool system_has_constant(const char *name)
{
	return PY_VERSION_HEX >= 0x030e0000 || strcmp(name, "TCP_QUICKACK") != 0;
}

const bool system_sends_descriptors = false;

const bool system_sends_files = false;

/* On Windows it would let any program take over the port. */
const bool system_servers_reuse_addresses = false;
