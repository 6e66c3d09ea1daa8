/*
 * Pairs of connected sockets, for the table in descriptors.c.
 */
#ifndef EXT_PAIRS_H
#define EXT_PAIRS_H

#include "state.h"

extern const char socketpair_doc[];
extern const char fallback_socketpair_doc[];

PyObject *mod_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count,
			 PyObject *names);
PyObject *mod_fallback_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count,
				  PyObject *names);

#endif
