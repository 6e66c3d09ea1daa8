/*
 * The system's resolver: getaddrinfo and getnameinfo.
 */
#include "csocket/resolver.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "lookup.h"
#include "numeric.h"
#include "platform/calls.h"
#include "platform/threads.h"
#include "resolution.h"

_Static_assert(CSOCK_HOST_NAME_MAX >= NI_MAXHOST, "room for any host name");
_Static_assert(CSOCK_SERVICE_NAME_MAX >= NI_MAXSERV, "room for any service name");

static int resolver_failure(int code)
{
	return code == CSI_EAI_SYSTEM ? csi_failure() : csock_status_make(CSOCK_RESOLVER, code);
}

int csi_ask_resolver(const char *host, const char *service, const struct addrinfo *hints,
		     struct addrinfo **list)
{
	csi_platform_start();
	int code = getaddrinfo(host, service, hints, list);
	return code == 0 ? 0 : resolver_failure(code);
}

static int ask(const char *host, const char *service, const struct csock_hints *hints,
	       int64_t deadline, struct addrinfo **list)
{
	struct addrinfo request = {
		.ai_family = hints->family,
		.ai_socktype = hints->type,
		.ai_protocol = hints->protocol,
		.ai_flags = hints->flags,
	};

	if (deadline == CSOCK_NOW)
		return csock_status_make(CSOCK_WOULD_WAIT, 0);
	return deadline == CSOCK_NEVER ? csi_ask_resolver(host, service, &request, list)
				       : csi_look_up(host, service, &request, deadline, list);
}

/* Asks the resolver for the results. If that fails, or the thread is cancelled, frees it all. */
static int fill(struct csock_resolution *made, const char *host, const char *service,
		const struct csock_hints *hints, int64_t deadline)
{
	int result;

	CSI_CLEANUP_PUSH(free, made);
	result = ask(host, service, hints, deadline, &made->list);
	made->next = made->list;
	CSI_CLEANUP_POP(result < 0);
	return result;
}

int csock_resolve(const char *host, const char *service, const struct csock_hints *hints,
		  int64_t deadline, struct csock_resolution **resolution)
{
	static const struct csock_hints none;

	CSI_NEED(resolution);
	if (!hints)
		hints = &none;
	struct csock_resolution *made = malloc(sizeof *made);
	if (!made)
		return csi_system(ENOMEM);
	made->list = NULL;
	made->attempted = NULL;
	made->race = NULL;
	made->left = csi_numeric_results(host, service, hints, made->results);
	made->count = made->left;
	int result = made->left > 0 ? 0 : fill(made, host, service, hints, deadline);
	if (result == 0)
		*resolution = made;
	return result;
}

static void copy_address(struct csock_addr *addr, const struct sockaddr *from, size_t length)
{
	addr->length = length <= sizeof addr->raw ? (uint32_t)length : 0;
	memcpy(&addr->raw, from, addr->length);
}

static const struct csock_resolved *next_numeric(struct csock_resolution *resolution)
{
	if (resolution->left == 0)
		return NULL;
	return &resolution->results[resolution->count - resolution->left--];
}

const struct csock_resolved *csock_resolution_next(struct csock_resolution *resolution)
{
	assert(resolution);
	struct csock_resolved *current = &resolution->results[0];

	if (!resolution->list)
		return next_numeric(resolution);
	const struct addrinfo *entry = resolution->next;
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

size_t csi_resolution_left(const struct csock_resolution *resolution)
{
	size_t left = 0;

	if (!resolution->list)
		return resolution->left;
	for (const struct addrinfo *entry = resolution->next; entry; entry = entry->ai_next)
		left++;
	return left;
}

void csock_resolution_free(struct csock_resolution *resolution)
{
	if (!resolution)
		return;
	csi_race_free(resolution->race);
	if (resolution->list)
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

/* Writes the wildcard address of the family; false for any but AF_INET and AF_INET6. */
static bool set_wildcard(int family, struct csock_addr *addr)
{
	if (family == AF_INET)
		set_inet(addr, (struct in_addr){.s_addr = htonl(INADDR_ANY)});
	else if (family == AF_INET6)
		set_inet6(addr, &in6addr_any);
	return family == AF_INET || family == AF_INET6;
}

/* Writes the resolver's first address. Without a host, a second address is a failure. */
static int first_address(const char *host, const struct csock_hints *hints, int64_t deadline,
			 struct csock_addr *addr)
{
	struct csock_resolution *resolution = NULL;
	int result = csock_resolve(host, host ? NULL : "0", hints, deadline, &resolution);

	if (result < 0 || !resolution)
		return result;
	const struct csock_addr first = csock_resolution_next(resolution)->addr;
	if (!host && csock_resolution_next(resolution))
		result = csock_status_refuse(CSOCK_REFUSED_AMBIGUOUS, 0);
	else
		*addr = first;
	csock_resolution_free(resolution);
	return result;
}

int csock_resolve_host(const char *host, int family, int64_t deadline, struct csock_addr *addr)
{
	CSI_NEED(host, addr);
	const struct csock_hints wildcard = {
		.family = family, .type = SOCK_DGRAM, .flags = AI_PASSIVE};
	const struct csock_hints named = {.family = family};

	if (host[0] == '\0')
		return set_wildcard(family, addr)
			       ? 0
			       : first_address(NULL, &wildcard, CSOCK_NEVER, addr);
	if (strcmp(host, "<broadcast>") == 0 || strcmp(host, "255.255.255.255") == 0) {
		if (family != AF_INET && family != AF_UNSPEC)
			return csock_status_refuse(CSOCK_REFUSED_FAMILY, 0);
		set_inet(addr, (struct in_addr){.s_addr = htonl(INADDR_BROADCAST)});
		return 0;
	}
	if (csi_numeric_host(host, family, addr))
		return 0;
	return first_address(host, &named, deadline, addr);
}

int csock_getnameinfo(const struct csock_addr *addr, int flags, char host[CSOCK_HOST_NAME_MAX],
		      char service[CSOCK_SERVICE_NAME_MAX])
{
	CSI_NEED(addr, host, service);
	csi_platform_start();
	int code = getnameinfo((const struct sockaddr *)&addr->raw, (socklen_t)addr->length, host,
			       CSOCK_HOST_NAME_MAX, service, CSOCK_SERVICE_NAME_MAX, flags);

	return code == 0 ? 0 : resolver_failure(code);
}
