/*
 * Network interfaces of the thread's network namespace: their names and indexes.
 */
#ifndef CSOCKET_INTERFACE_H
#define CSOCKET_INTERFACE_H

#include <stddef.h>

#include "csocket/api.h"
#include "csocket/status.h"

CSOCK_BEGIN_DECLS

/* The size of a buffer for any interface name, with the final zero (IF_NAMESIZE). */
#define CSOCK_INTERFACE_NAME_MAX 16

struct csock_interface {
	unsigned int index; /* from 1 on */
	char name[CSOCK_INTERFACE_NAME_MAX];
};

/*
 * Lists all interfaces (if_nameindex(3)): their number, or a failure. The caller frees *list with
 * free(3), even if the number is 0.
 */
CSOCK_API int csock_if_nameindex(struct csock_interface **list);

/* The index of the interface with that name (if_nametoindex(3)), above 0; or a failure. */
CSOCK_API int csock_if_nametoindex(const char *name);

/* Writes the name of the interface with that index (if_indextoname(3)): 0, or a failure. */
CSOCK_API int csock_if_indextoname(unsigned int index, char name[CSOCK_INTERFACE_NAME_MAX]);

CSOCK_END_DECLS

#endif
