/*
 * What Python shows differently by system: POSIX systems.
 */
#include <errno.h>

#include "convert/arguments.h"
#include "convert/system.h"

PyObject *system_raise(int code)
{
	errno = code;
	return PyErr_SetFromErrno(PyExc_OSError);
}

PyObject *system_raise_last(void)
{
	return PyErr_SetFromErrno(PyExc_OSError);
}

int system_code(int error)
{
	return error;
}

const struct system_texts system_texts = {NULL, NULL};

int system_handle(PyObject *object, csock_handle *handle)
{
	return argument_int(object, handle);
}

int system_file_handle(PyObject *fileno, csock_handle *handle)
{
	return argument_int(fileno, handle);
}

int system_inheritable(PyObject *object, int *flag)
{
	return argument_int(object, flag);
}

const char system_get_inheritable[] = "get_inheritable";
const char system_set_inheritable[] = "set_inheritable";

const bool system_audits_handles = true;

bool system_has_constant(const char *name)
{
	(void)name;
	return true;
}

const bool system_sends_descriptors = true;

const bool system_sends_files = true;

const bool system_servers_reuse_addresses = true;
