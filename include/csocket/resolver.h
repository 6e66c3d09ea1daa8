/*
 * Names: hosts, services and protocols.
 *
 * These calls ask the system's resolver, which has no deadline and may wait for the network,
 * except where said otherwise. All texts are UTF-8 or plain bytes with a final zero.
 */
#ifndef CSOCKET_RESOLVER_H
#define CSOCKET_RESOLVER_H

#include <netdb.h> /* for its callers: AI_*, NI_*, EAI_* */
#include <stddef.h>
#include <stdint.h>

#include "csocket/address.h"
#include "csocket/api.h"
#include "csocket/deadline.h"
#include "csocket/status.h"

CSOCK_BEGIN_DECLS

/* Room for any host and service name with the final zero (NI_MAXHOST, NI_MAXSERV). */
#define CSOCK_HOST_NAME_MAX 1025
#define CSOCK_SERVICE_NAME_MAX 32

/* Restricts the results of csock_resolve; zeros allow any. */
struct csock_hints {
	int family;
	int type;
	int protocol;
	int flags; /* AI_* */
};

struct csock_resolved {
	int family;
	int type;
	int protocol;
	const char *canonical_name; /* NULL but where AI_CANONNAME asked for it */
	struct csock_addr addr;
};

struct csock_resolution;

/*
 * Looks up host and service, either of which may be NULL: 0 and a resolution for
 * csock_resolution_free, or a failure (CSOCK_RESOLVER, or CSOCK_SYSTEM for EAI_SYSTEM). If both
 * are numeric, it mostly does not ask the resolver. If it has to, CSOCK_NOW gives
 * CSOCK_WOULD_WAIT, and any other deadline waits as long as the resolver does.
 */
CSOCK_API int csock_resolve(const char *host, const char *service, const struct csock_hints *hints,
			    int64_t deadline, struct csock_resolution **resolution);

/* The next result, in the resolver's order, until the next call; NULL after the last. */
CSOCK_API const struct csock_resolved *csock_resolution_next(struct csock_resolution *resolution);

/* Frees the results; NULL is allowed. */
CSOCK_API void csock_resolution_free(struct csock_resolution *resolution);

/*
 * One address for a host, with port 0: "" is the wildcard, "<broadcast>" IPv4's broadcast
 * address. family is AF_INET, AF_INET6, or AF_UNSPEC for whichever comes first. Numeric
 * hosts need no resolver; for others CSOCK_NOW answers CSOCK_WOULD_WAIT. addr is written
 * only on success.
 */
CSOCK_API int csock_resolve_host(const char *host, int family, int64_t deadline,
				 struct csock_addr *addr);

/* The reverse (getnameinfo(3)): flags are NI_*. */
CSOCK_API int csock_name_info(const struct csock_addr *addr, int flags,
			      char host[CSOCK_HOST_NAME_MAX], char service[CSOCK_SERVICE_NAME_MAX]);

/* An entry of the host database. */
struct csock_host {
	char *name;
	char **aliases; /* ends with NULL */
	struct csock_addr *addresses;
	size_t address_count;
};

/* Looks an IPv4 host up by its name: 0 and an entry for csock_host_free, or a failure. */
CSOCK_API int csock_host_by_name(const char *name, struct csock_host **host);

/* Looks a host up by its IPv4 or IPv6 address: 0 and an entry for csock_host_free, or a failure. */
CSOCK_API int csock_host_by_addr(const struct csock_addr *addr, struct csock_host **host);

/* Frees an entry; NULL is allowed. */
CSOCK_API void csock_host_free(struct csock_host *host);

/* The number of a protocol such as "tcp"; CSOCK_SYSTEM with ENOENT if the database has none. */
CSOCK_API int csock_protocol_by_name(const char *name);

/*
 * The port of a service in host byte order, over a protocol such as "tcp", NULL for any;
 * CSOCK_SYSTEM with ENOENT if the database has none.
 */
CSOCK_API int csock_service_by_name(const char *name, const char *protocol);

/*
 * Writes the name of the service at a port in host byte order, with a final zero: 0, CSOCK_SYSTEM
 * with ENOENT, or CSOCK_REFUSED_RANGE if the port is not 0 to 65535.
 */
CSOCK_API int csock_service_by_port(int port, const char *protocol, char name[CSOCK_HOST_NAME_MAX]);

/* Writes this machine's own name, with a final zero: 0, or a failure. */
CSOCK_API int csock_get_host_name(char name[CSOCK_HOST_NAME_MAX]);

/* Sets the name to length bytes, which needs a privilege: 0, or a failure. */
CSOCK_API int csock_set_host_name(const char *name, size_t length);

CSOCK_END_DECLS

#endif
