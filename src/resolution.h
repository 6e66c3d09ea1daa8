/*
 * The results of csock_resolve.
 */
#ifndef CSI_RESOLUTION_H
#define CSI_RESOLUTION_H

#include <stdbool.h>

#include "csocket/resolver.h"

#include "numeric.h"
#include "platform/names.h"
#include "race.h"

struct csock_resolution {
	struct addrinfo *list; /* the resolver's results, or NULL */
	const struct addrinfo *next;
	/* Without a list: the results. With a list: the first element has the current result. */
	struct csock_resolved results[CSI_NUMERIC_MAX];
	size_t count;
	size_t left;
	/* The result that csock_connect_any has not finished with, or NULL. */
	const struct csock_resolved *attempted;
	struct csi_race *race; /* of csock_connect_any, which was interrupted, or NULL */
};

/* The number of results that are left. */
size_t csi_resolution_left(const struct csock_resolution *resolution);

#endif
