/*
 * Recent addresses, as Python objects and as the kernel's structs.
 *
 * A datagram socket receives from the same peers again and again, and answers them. So each address
 * tuple is made and parsed once. Each connection comes from a new port, but often from a known
 * host, so the texts of hosts are kept too. The cache holds only addresses of families whose bytes
 * alone tell their meaning (csock_family.context_free). Its tables have a fixed size: a newer
 * address replaces an older one.
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
