/*
 * Network interfaces: their names and indexes.
 */
#ifndef CSOCKET_INTERFACE_H
#define CSOCKET_INTERFACE_H

#include <stddef.h>

#include "csocket/api.h"
#include "csocket/status.h"

CSOCK_BEGIN_DECLS

/* Room for any interface name, with the final zero (IF_NAMESIZE). */
#define CSOCK_INTERFACE_NAME_MAX 16

struct csock_interface {
	unsigned int index; /* from 1 on */
	char name[CSOCK_INTERFACE_NAME_MAX];
};

/* All interfaces: their number and a list for free(3), or a failure. */
CSOCK_API int csock_interface_list(struct csock_interface **list);

/* The index of a name, above 0, or a failure. */
CSOCK_API int csock_interface_index(const char *name);

/* Writes the name of an index, with a final zero: 0, or a failure. */
CSOCK_API int csock_interface_name(unsigned int index, char name[CSOCK_INTERFACE_NAME_MAX]);

CSOCK_END_DECLS

#endif
