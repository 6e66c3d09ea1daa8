/*
 * The system's resolver: getaddrinfo and getnameinfo.
 */
#include "csocket/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "failure.h"

_Static_assert(CSOCK_HOST_NAME_MAX >= NI_MAXHOST, "room for any host name");
_Static_assert(CSOCK_SERVICE_NAME_MAX >= NI_MAXSERV, "room for any service name");

struct csock_resolution {
	struct addrinfo *list;
	const struct addrinfo *next;
	struct csock_resolved current;
};

static int resolver_failure(int code)
{
	return code == EAI_SYSTEM ? csi_failure() : csock_status_make(CSOCK_RESOLVER, code);
}

int csock_resolve(const char *host, const char *service, const struct csock_hints *hints,
		  struct csock_resolution **resolution)
{
	struct addrinfo request = {
		.ai_family = hints->family,
		.ai_socktype = hints->type,
		.ai_protocol = hints->protocol,
		.ai_flags = hints->flags,
	};
	struct csock_resolution *made = calloc(1, sizeof *made);

	if (!made)
		return csi_system(ENOMEM);
	int code = getaddrinfo(host, service, &request, &made->list);
	if (code != 0) {
		int result = resolver_failure(code);
		free(made);
		return result;
	}
	made->next = made->list;
	*resolution = made;
	return 0;
}

static void copy_address(struct csock_addr *addr, const struct sockaddr *from, socklen_t length)
{
	addr->length = length <= sizeof addr->raw ? length : 0;
	memcpy(&addr->raw, from, addr->length);
}

const struct csock_resolved *csock_resolution_next(struct csock_resolution *resolution)
{
	const struct addrinfo *entry = resolution->next;
	struct csock_resolved *current = &resolution->current;

	if (!entry)
		return NULL;
	resolution->next = entry->ai_next;
	current->family = entry->ai_family;
	current->type = entry->ai_socktype;
	current->protocol = entry->ai_protocol;
	current->canonical_name = entry->ai_canonname;
	copy_address(&current->addr, entry->ai_addr, entry->ai_addrlen);
	return current;
}

void csock_resolution_free(struct csock_resolution *resolution)
{
	if (!resolution)
		return;
	freeaddrinfo(resolution->list);
	free(resolution);
}

static void set_inet(struct csock_addr *addr, struct in_addr host)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr = host};

	copy_address(addr, (const struct sockaddr *)&sin, sizeof sin);
}

static void set_inet6(struct csock_addr *addr, const struct in6_addr *host)
{
	struct sockaddr_in6 sin6 = {.sin6_family = AF_INET6, .sin6_addr = *host};

	copy_address(addr, (const struct sockaddr *)&sin6, sizeof sin6);
}

/* The wildcard of either family, where only one can be meant. */
static bool set_wildcard(int family, struct csock_addr *addr)
{
	if (family == AF_INET)
		set_inet(addr, (struct in_addr){.s_addr = htonl(INADDR_ANY)});
	else if (family == AF_INET6)
		set_inet6(addr, &in6addr_any);
	return family == AF_INET || family == AF_INET6;
}

static bool set_numeric(const char *host, int family, struct csock_addr *addr)
{
	struct in_addr inet;
	struct in6_addr inet6;

	if (family != AF_INET6 && inet_pton(AF_INET, host, &inet) == 1)
		set_inet(addr, inet);
	else if (family != AF_INET && inet_pton(AF_INET6, host, &inet6) == 1)
		set_inet6(addr, &inet6);
	else
		return false;
	return true;
}

/* The first address that the resolver gives; if only_one, there must be no other. */
static int first_address(const char *host, const char *service, const struct csock_hints *hints,
			 bool only_one, struct csock_addr *addr)
{
	struct csock_resolution *resolution = NULL;
	int result = csock_resolve(host, service, hints, &resolution);

	if (result < 0 || !resolution)
		return result;
	const struct csock_addr first = csock_resolution_next(resolution)->addr;
	if (only_one && csock_resolution_next(resolution))
		result = csock_status_refuse(CSOCK_REFUSED_AMBIGUOUS, 0);
	else
		*addr = first;
	csock_resolution_free(resolution);
	return result;
}

int csock_resolve_host(const char *host, int family, int64_t deadline, struct csock_addr *addr)
{
	const struct csock_hints wildcard = {
		.family = family, .type = SOCK_DGRAM, .flags = AI_PASSIVE};
	const struct csock_hints named = {.family = family};

	if (host[0] == '\0')
		return set_wildcard(family, addr) ? 0
						  : first_address(NULL, "0", &wildcard, true, addr);
	if (strcmp(host, "<broadcast>") == 0 || strcmp(host, "255.255.255.255") == 0) {
		if (family != AF_INET && family != AF_UNSPEC)
			return csock_status_refuse(CSOCK_REFUSED_FAMILY, 0);
		set_inet(addr, (struct in_addr){.s_addr = htonl(INADDR_BROADCAST)});
		return 0;
	}
	if (set_numeric(host, family, addr))
		return 0;
	if (deadline == CSOCK_NOW)
		return csock_status_make(CSOCK_WOULD_WAIT, 0);
	return first_address(host, NULL, &named, false, addr);
}

int csock_name_info(const struct csock_addr *addr, int flags, char host[CSOCK_HOST_NAME_MAX],
		    char service[CSOCK_SERVICE_NAME_MAX])
{
	int code = getnameinfo((const struct sockaddr *)&addr->raw, addr->length, host,
			       CSOCK_HOST_NAME_MAX, service, CSOCK_SERVICE_NAME_MAX, flags);

	return code == 0 ? 0 : resolver_failure(code);
}
