/*
 * The walker: converts between Python objects and the values of an address, for every family.
 */
#ifndef EXT_ADDRESS_H
#define EXT_ADDRESS_H

#include "state.h"

#include "csocket/csocket.h"

/*
 * Converts the object that a program gave to an address for a socket: 0, or -1 with an exception.
 * caller is the method's name, for messages. Releases the GIL only if a host name must be resolved.
 */
int address_from_python(struct module_state *state, struct csock_socket *sock, const char *caller,
			PyObject *object, struct csock_addr *addr);

/*
 * The object for an address of a socket, which may be NULL: a tuple, str, bytes or int; (family,
 * bytes) if the address cannot be decoded; None if there is no address.
 */
PyObject *address_to_python(struct module_state *state, const struct csock_addr *addr,
			    struct csock_socket *sock);

/* The same for an address that is probably new: it does not search the cache. */
PyObject *address_to_python_uncached(struct module_state *state, const struct csock_addr *addr,
				     struct csock_socket *sock);

/* Whether the object is of a type that can be a host name: str, bytes or bytearray. */
static inline bool is_host(PyObject *object)
{
	return PyUnicode_Check(object) || PyBytes_Check(object) || PyByteArray_Check(object);
}

/*
 * A host name as the system takes it: a str encoded by IDNA, bytes and bytearray unchanged, NULL
 * for None. *text borrows from *owner, a new reference (NULL for None). Returns 0, or -1 with an
 * exception.
 */
int host_from_python(PyObject *object, PyObject **owner, const char **text);

#endif
