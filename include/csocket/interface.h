/**
 * Network interfaces of the thread's network namespace: their names and indexes.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_INTERFACE_H
#define CSOCKET_INTERFACE_H

#include <stddef.h>

#include "csocket/api.h"
#include "csocket/status.h"
#include "csocket/system.h"

CSOCK_BEGIN_DECLS

/** A network interface. */
struct csock_interface {
	unsigned int index;                  /**< from 1 on */
	char name[CSOCK_INTERFACE_NAME_MAX]; /**< with a final zero */
};

/**
 * Lists all interfaces (if_nameindex(3)): their number, or a failure.
 *
 * @param list gets an array that the caller frees with free(3), even if the number is 0
 */
CSOCK_API int csock_if_nameindex(struct csock_interface **list) CSOCK_NONNULL(1);

/** The index of the interface with that name (if_nametoindex(3)), above 0; or a failure. */
CSOCK_API int csock_if_nametoindex(const char *name) CSOCK_NONNULL(1);

/** Writes the name of the interface with that index (if_indextoname(3)): 0, or a failure. */
CSOCK_API int csock_if_indextoname(unsigned int index, char name[CSOCK_INTERFACE_NAME_MAX])
	CSOCK_NONNULL(2);

CSOCK_END_DECLS

#endif
