/*
 * The resolver, as other functions use it.
 */
#ifndef EXT_RESOLVER_H
#define EXT_RESOLVER_H

#include "state.h"

#include "csocket/csocket.h"

/*
 * Resolves a host and a port as getaddrinfo() does: a resolution that the caller frees by
 * csock_resolution_free(), or NULL with an exception. Releases the GIL while the resolver works.
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
