/*
 * The host database: names, aliases and addresses of a host.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "csocket/resolver.h"
#include "failure.h"
#include "platform/platform.h"

/* The first room for an entry, which is doubled while it is too small, up to the last. */
#define ROOM_FIRST 1024U
#define ROOM_LAST 1048576U

/* Looks an entry up, in the room that it is given. */
typedef int (*lookup)(const void *key, struct hostent *entry, char *room, size_t size);

static size_t list_length(char *const *list)
{
	size_t count = 0;

	while (list[count])
		count++;
	return count;
}

static void set_address(struct csock_addr *addr, int family, const char *packed)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct sockaddr_in6 sin6 = {.sin6_family = AF_INET6};
	const void *raw = family == AF_INET ? (const void *)&sin : (const void *)&sin6;

	if (family == AF_INET)
		memcpy(&sin.sin_addr, packed, sizeof sin.sin_addr);
	else
		memcpy(&sin6.sin6_addr, packed, sizeof sin6.sin6_addr);
	addr->length = family == AF_INET ? sizeof sin : sizeof sin6;
	memcpy(&addr->raw, raw, addr->length);
}

static int copy_names(struct csock_host *host, const struct hostent *entry)
{
	size_t count = list_length(entry->h_aliases);

	host->name = strdup(entry->h_name);
	host->aliases = calloc(count + 1, sizeof *host->aliases);
	if (!host->name || !host->aliases)
		return csi_system(ENOMEM);
	for (size_t i = 0; i < count; i++) {
		host->aliases[i] = strdup(entry->h_aliases[i]);
		if (!host->aliases[i])
			return csi_system(ENOMEM);
	}
	return 0;
}

static int copy_addresses(struct csock_host *host, const struct hostent *entry)
{
	size_t count = list_length(entry->h_addr_list);

	if (entry->h_addrtype != AF_INET && entry->h_addrtype != AF_INET6)
		return csi_system(EAFNOSUPPORT);
	host->addresses = calloc(count + 1, sizeof *host->addresses);
	if (!host->addresses)
		return csi_system(ENOMEM);
	host->address_count = count;
	for (size_t i = 0; i < count; i++)
		set_address(&host->addresses[i], entry->h_addrtype, entry->h_addr_list[i]);
	return 0;
}

static int copy_entry(const struct hostent *entry, struct csock_host **host)
{
	struct csock_host *copy = calloc(1, sizeof *copy);

	if (!copy)
		return csi_system(ENOMEM);
	int result = copy_names(copy, entry);
	if (result == 0)
		result = copy_addresses(copy, entry);
	if (result == 0)
		*host = copy;
	else
		csock_host_free(copy);
	return result;
}

static bool is_too_small(int result)
{
	return csock_status_domain(result) == CSOCK_SYSTEM && csock_status_code(result) == ERANGE;
}

static int find(lookup look_up, const void *key, struct csock_host **host)
{
	struct hostent entry;
	int result = csi_system(ERANGE);

	for (size_t size = ROOM_FIRST; size <= ROOM_LAST && is_too_small(result); size *= 2) {
		char *room = malloc(size);
		if (!room)
			return csi_system(ENOMEM);
		result = look_up(key, &entry, room, size);
		if (result == 1)
			result = copy_entry(&entry, host);
		else if (result == 0)
			result = csock_status_make(CSOCK_HOST_DATABASE, HOST_NOT_FOUND);
		free(room);
	}
	return result;
}

static int look_up_name(const void *key, struct hostent *entry, char *room, size_t size)
{
	return csi_platform_host_by_name(key, AF_INET, entry, room, size);
}

int csock_host_by_name(const char *name, struct csock_host **host)
{
	return find(look_up_name, name, host);
}

static int look_up_address(const void *key, struct hostent *entry, char *room, size_t size)
{
	const struct csock_addr *addr = key;
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;

	if (csock_addr_family(addr) == AF_INET) {
		memcpy(&sin, &addr->raw, sizeof sin);
		return csi_platform_host_by_addr(&sin.sin_addr, sizeof sin.sin_addr, AF_INET, entry,
						 room, size);
	}
	memcpy(&sin6, &addr->raw, sizeof sin6);
	return csi_platform_host_by_addr(&sin6.sin6_addr, sizeof sin6.sin6_addr, AF_INET6, entry,
					 room, size);
}

int csock_host_by_addr(const struct csock_addr *addr, struct csock_host **host)
{
	int family = csock_addr_family(addr);

	if (family != AF_INET && family != AF_INET6)
		return csi_system(EAFNOSUPPORT);
	return find(look_up_address, addr, host);
}

void csock_host_free(struct csock_host *host)
{
	if (!host)
		return;
	for (size_t i = 0; host->aliases && host->aliases[i]; i++)
		free(host->aliases[i]);
	free(host->aliases);
	free(host->addresses);
	free(host->name);
	free(host);
}
