/*
 * Recent addresses, as Python objects and as the kernel's structs.
 *
 * A server asks for its own name, a datagram socket hears from the same peers and answers them: the
 * tuples are made and taken apart once. Connections come from other ports each time, but from the
 * same hosts: their texts are kept too. Kept are addresses of families that need nothing but the
 * bytes (csock_family.cacheable), in a table of fixed size where the newer one stays.
 */
#ifndef EXT_REUSE_ADDRESSES_H
#define EXT_REUSE_ADDRESSES_H

#include "csocket/csocket.h"
#include "reuse/reuse.h"

/* The object for an address: a new reference; NULL without an exception if it is not known. */
PyObject *address_cache_object(struct reuse *reuse, const struct csock_addr *addr);
void address_cache_keep_object(struct reuse *reuse, const struct csock_addr *addr,
			       PyObject *object);

/* Finds the address of a family that an object stands for. Returns whether it is known. */
bool address_cache_addr(struct reuse *reuse, PyObject *object, int family, struct csock_addr *addr);
void address_cache_keep_addr(struct reuse *reuse, PyObject *object, const struct csock_addr *addr);

/* The str of a numeric host: a new reference, or NULL with an exception. */
PyObject *host_cache_text(struct reuse *reuse, const char *text, size_t length);

#endif
