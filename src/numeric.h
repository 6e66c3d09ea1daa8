/*
 * Numeric hosts and services, for which nobody has to be asked.
 */
#ifndef CSI_NUMERIC_H
#define CSI_NUMERIC_H

#include <stdbool.h>

#include "csocket/resolver.h"

/* A stream, a datagram and a raw socket. */
#define CSI_NUMERIC_MAX 3

/* The address of a numeric host, with port 0: whether it is one, of that family (or AF_UNSPEC). */
bool csi_numeric_host(const char *host, int family, struct csock_addr *addr);

/*
 * What the resolver would answer, in its order: how many results, or 0 where it has to be asked.
 * The service may be NULL.
 */
size_t csi_numeric_results(const char *host, const char *service, const struct csock_hints *hints,
			   struct csock_resolved results[CSI_NUMERIC_MAX]);

#endif
