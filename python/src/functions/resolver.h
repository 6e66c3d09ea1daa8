/*
 * The resolver, as other functions use it.
 */
#ifndef EXT_RESOLVER_H
#define EXT_RESOLVER_H

#include "state.h"

#include "csocket/csocket.h"

/*
 * What getaddrinfo() finds for a host and a port, for csock_resolution_free(); NULL with an
 * exception. The GIL is released where the resolver has to be asked.
 */
struct csock_resolution *resolution_from_python(struct module_state *state, PyObject *host,
						PyObject *port, const struct csock_hints *hints);

extern const char getaddrinfo_doc[];

/* getaddrinfo() of the package; that of _csocket gives plain ints. */
PyObject *mod_getaddrinfo(PyObject *module, PyObject *const *args, Py_ssize_t count,
			  PyObject *names);

/* Whether an object is the package's getaddrinfo(). */
bool is_own_getaddrinfo(const struct module_state *state, PyObject *object);

#endif
