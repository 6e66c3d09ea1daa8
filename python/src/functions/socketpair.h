/*
 * Pairs of connected sockets, for the table in functions/descriptors.c.
 */
#ifndef EXT_SOCKETPAIR_H
#define EXT_SOCKETPAIR_H

#include "state.h"

extern const char socketpair_doc[];
extern const char socketpair_raw_doc[];
extern const char fallback_socketpair_doc[];

/* socketpair() of the package and of _csocket, and the fallback for systems without one. */
PyObject *mod_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count,
			 PyObject *names);
PyObject *mod_socketpair_raw(PyObject *module, PyObject *const *args, Py_ssize_t count);
PyObject *mod_fallback_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count,
				  PyObject *names);

#endif
