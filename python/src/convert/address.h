/*
 * The walker: between Python objects and the values of an address, for every family alike.
 */
#ifndef EXT_ADDRESS_H
#define EXT_ADDRESS_H

#include "state.h"

#include "csocket/csocket.h"

/*
 * An address for a socket from the object that a program gave: 0, or -1 with an exception.
 * caller names the method for messages. Releases the GIL only where a host name has to be
 * resolved.
 */
int address_from_python(struct module_state *state, struct csock_socket *sock, const char *caller,
			PyObject *object, struct csock_addr *addr);

/* The object for an address of a socket, or of none (NULL): a tuple, a string, bytes or a number,
 * (family, bytes) for what cannot be read, None for no address. */
PyObject *address_to_python(struct module_state *state, const struct csock_addr *addr,
			    struct csock_socket *sock);

/* The same for an address that was hardly met before: it is not looked for among those that are
 * kept. */
PyObject *address_to_python_uncached(struct module_state *state, const struct csock_addr *addr,
				     struct csock_socket *sock);

/* Whether the object is of a type that can be a host name: str, bytes or bytearray. */
static inline bool is_host(PyObject *object)
{
	return PyUnicode_Check(object) || PyBytes_Check(object) || PyByteArray_Check(object);
}

/*
 * A host name as the system takes it: str by IDNA, bytes and bytearray as
 * they are, None as NULL. *text borrows from *owner, a new reference (or NULL for None), for
 * as long as that lives. 0, or -1 with an exception.
 */
int host_from_python(PyObject *object, PyObject **owner, const char **text);

#endif
