/*
 * The resolver, for what stands on it.
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

/* Whether an object is the function getaddrinfo() of this module. */
bool is_own_getaddrinfo(const struct module_state *state, PyObject *object);

#endif
