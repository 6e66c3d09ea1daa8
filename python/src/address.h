/*
 * The walker: between Python objects and the values of an address, for every family alike.
 */
#ifndef EXT_ADDRESS_H
#define EXT_ADDRESS_H

#include "state.h"

#include "csocket/csocket.h"

/*
 * An address from the object that a program gave: 0, or -1 with an exception. caller names
 * the method for messages. Releases the GIL only where a host name has to be resolved.
 */
int address_from_python(struct module_state *state, int family, int protocol, const char *caller,
			PyObject *object, struct csock_addr *addr);

/* The object for an address: a tuple, a string or bytes, (family, bytes) for a family without
 * a form, None for no address. */
PyObject *address_to_python(const struct csock_addr *addr, int protocol);

/*
 * A host name as the system takes it: str by IDNA, bytes and bytearray as
 * they are, None as NULL. *text borrows from *owner, a new reference (or NULL for None), for
 * as long as that lives. 0, or -1 with an exception.
 */
int host_from_python(PyObject *object, PyObject **owner, const char **text);

#endif
