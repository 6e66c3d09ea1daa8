/*
 * Numeric hosts and services, which need no resolver.
 */
#ifndef CSI_NUMERIC_H
#define CSI_NUMERIC_H

#include <stdbool.h>

#include "csocket/resolver.h"

/* The most results: a stream, a datagram and a raw socket. */
#define CSI_NUMERIC_MAX 3

/*
 * Writes the address of a numeric host, with port 0. false if host is not a numeric host of that
 * family (AF_UNSPEC: of either family).
 */
bool csi_numeric_host(const char *host, int family, struct csock_addr *addr);

/* Writes the port. sockaddr_in and sockaddr_in6 both have it after the family. */
void csi_set_port(struct csock_addr *addr, uint16_t port);

/*
 * Fills in the results that the resolver would give, in its order: their number, or 0 if only the
 * resolver can tell.
 * The service may be NULL.
 */
size_t csi_numeric_results(const char *host, const char *service, const struct csock_hints *hints,
			   struct csock_resolved results[CSI_NUMERIC_MAX]);

#endif
