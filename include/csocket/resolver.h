/**
 * Names of hosts, services and protocols.
 *
 * Unless something else is said below, these calls ask the system's resolver, and wait for the
 * network as long as it does. All names are bytes with a final zero, passed on unchanged.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_RESOLVER_H
#define CSOCKET_RESOLVER_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/address.h"
#include "csocket/api.h"
#include "csocket/deadline.h"
#include "csocket/status.h"
#include "csocket/system.h"

CSOCK_BEGIN_DECLS

/** The size of a buffer for any host name, with the final zero (NI_MAXHOST). */
#define CSOCK_HOST_NAME_MAX 1025
/** The size of a buffer for any service name, with the final zero (NI_MAXSERV). */
#define CSOCK_SERVICE_NAME_MAX 32

/** Restricts the results of csock_resolve, as the hints of getaddrinfo(3) do; 0 allows any. */
struct csock_hints {
	int family;   /**< AF_* */
	int type;     /**< SOCK_* */
	int protocol; /**< IPPROTO_* */
	int flags;    /**< AI_* */
};

/** One result of csock_resolve: the arguments for csock_open, and the address. */
struct csock_resolved {
	int family;                 /**< AF_* */
	int type;                   /**< SOCK_* */
	int protocol;               /**< IPPROTO_* */
	const char *canonical_name; /**< in the first result with AI_CANONNAME; else NULL */
	struct csock_addr addr;     /**< the address, with the port of the service */
};

/** The results of csock_resolve, and the place of the next one. The library's own. */
struct csock_resolution;

/**
 * Looks up a host and a service (getaddrinfo(3)).
 *
 * For a numeric host, and a numeric service or none, it usually does not ask the resolver. If it
 * has to ask, it fails with CSOCK_WOULD_WAIT if the deadline is CSOCK_NOW. With CSOCK_NEVER it asks
 * itself. With another deadline it asks in a thread of its own, and leaves that behind when the
 * time is over (CSOCK_TIMEOUT); EAI_AGAIN while 64 of them still go on. No signal ends the call. A
 * program that ends meanwhile has that thread's memory in the reports of leak checkers.
 *
 * @param host a name or a numeric address; may be NULL if service is not
 * @param service a name or a decimal port, which glibc takes modulo 65536; may be NULL if host is
 * not
 * @param hints may be NULL for no restriction
 * @param resolution gets the results, for csock_resolution_free; unchanged after a failure
 * @return 0, or a failure: CSOCK_RESOLVER, or CSOCK_SYSTEM for EAI_SYSTEM
 */
CSOCK_API int csock_resolve(const char *host, const char *service, const struct csock_hints *hints,
			    int64_t deadline, struct csock_resolution **resolution)
	CSOCK_NONNULL(5);

/**
 * The next result, in the resolver's order; NULL after the last. It is valid until the next call
 * with this resolution.
 */
CSOCK_API const struct csock_resolved *csock_resolution_next(struct csock_resolution *resolution)
	CSOCK_NONNULL(1);

/** Frees the results; NULL is allowed. */
CSOCK_API void csock_resolution_free(struct csock_resolution *resolution);

/**
 * Writes one address of a host, with port 0: 0, or a failure, and then addr is unchanged. Numeric
 * hosts need no resolver. For others the deadline is as for csock_resolve.
 *
 * @param host "" is the wildcard address, and "<broadcast>" the broadcast address of IPv4
 * @param family AF_INET, AF_INET6, or AF_UNSPEC for the first address of either
 */
CSOCK_API int csock_resolve_host(const char *host, int family, int64_t deadline,
				 struct csock_addr *addr) CSOCK_NONNULL(1, 4);

/**
 * Writes the host and the service of an address, with final zeros (getnameinfo(3)): 0, or a failure
 * (CSOCK_RESOLVER, or CSOCK_SYSTEM for EAI_SYSTEM).
 *
 * @param flags NI_*
 */
CSOCK_API int csock_getnameinfo(const struct csock_addr *addr, int flags,
				char host[CSOCK_HOST_NAME_MAX],
				char service[CSOCK_SERVICE_NAME_MAX]) CSOCK_NONNULL(1, 3, 4);

/** An entry of the host database. It owns all that it points to. */
struct csock_host {
	char *name;                   /**< the official name */
	char **aliases;               /**< other names; after the last comes NULL */
	struct csock_addr *addresses; /**< the addresses, with port 0 */
	size_t address_count;         /**< how many addresses there are */
};

/**
 * Looks up a host and its IPv4 addresses by name (gethostbyname_r(3)): 0 and an entry for
 * csock_host_free, or a failure (CSOCK_HOST_DATABASE, CSOCK_SYSTEM).
 */
CSOCK_API int csock_gethostbyname(const char *name, struct csock_host **host) CSOCK_NONNULL(1, 2);

/**
 * Looks up a host by its IPv4 or IPv6 address (gethostbyaddr_r(3)): 0 and an entry for
 * csock_host_free, or a failure (CSOCK_HOST_DATABASE, CSOCK_SYSTEM, CSOCK_REFUSED_SIZE).
 */
CSOCK_API int csock_gethostbyaddr(const struct csock_addr *addr, struct csock_host **host)
	CSOCK_NONNULL(1, 2);

/** Frees an entry; NULL is allowed. */
CSOCK_API void csock_host_free(struct csock_host *host);

/**
 * The number of a protocol such as "tcp" (getprotobyname_r(3)), or a failure: ENOENT if the
 * database does not have it.
 */
CSOCK_API int csock_getprotobyname(const char *name) CSOCK_NONNULL(1);

/**
 * The port of a service, in host byte order (getservbyname_r(3)), or a failure: ENOENT if the
 * database does not have it.
 *
 * @param protocol a name such as "tcp", or NULL for any
 */
CSOCK_API int csock_getservbyname(const char *name, const char *protocol) CSOCK_NONNULL(1);

/**
 * Writes the name of the service at a port in host byte order, with a final zero
 * (getservbyport_r(3)): 0, or a failure: ENOENT if the database does not have it,
 * CSOCK_REFUSED_RANGE if the port is not 0 to 65535.
 *
 * @param protocol a name such as "tcp", or NULL for any
 */
CSOCK_API int csock_getservbyport(int port, const char *protocol, char name[CSOCK_HOST_NAME_MAX])
	CSOCK_NONNULL(3);

/** Writes this machine's name, with a final zero (gethostname(2)): 0, or a failure. */
CSOCK_API int csock_gethostname(char name[CSOCK_HOST_NAME_MAX]) CSOCK_NONNULL(1);

/** Sets this machine's name to length bytes (sethostname(2)): 0, or a failure (EPERM). */
CSOCK_API int csock_sethostname(const char *name, size_t length) CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
