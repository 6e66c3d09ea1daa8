/*
 * Pairs of connected sockets: the system's, and a pair over TCP.
 */
#ifndef EXT_SOCKETPAIR_H
#define EXT_SOCKETPAIR_H

#include "state.h"

struct pair {
	int family;
	int type;
	int protocol;
};

/* The arguments of a function of that name, whose defaults *pair has: 0, or -1 with an exception.
 */
int pair_parse(const char *function, PyObject *const *args, Py_ssize_t count, PyObject *names,
	       struct pair *pair);

/* socketpair.c: socketpair() of the package, and a table with that of _csocket. */
extern const char socketpair_doc[];
PyObject *mod_socketpair(PyObject *module, PyObject *const *args, Py_ssize_t count,
			 PyObject *names);
extern PyMethodDef socketpair_functions[];

/* loopback_pair.c: a pair over the loopback interface. */
extern const char loopback_pair_doc[];
PyObject *mod_loopback_pair(PyObject *module, PyObject *const *args, Py_ssize_t count,
			    PyObject *names);

#endif
