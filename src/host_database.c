/*
 * The host database: names, aliases and addresses of a host.
 */
#include <stdlib.h>
#include <string.h>

#include "csocket/resolver.h"
#include "failure.h"
#include "netdb_room.h"
#include "platform/names.h"
#include "platform/platform.h"

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

/* Copies the entry, if one was found: it points into memory that is freed next. */
static int take_entry(int found, const struct hostent *entry, struct csock_host **host)
{
	if (found == 0)
		return csock_status_make(CSOCK_HOST_DATABASE, HOST_NOT_FOUND);
	return found < 0 ? found : copy_entry(entry, host);
}

struct name_query {
	const char *name;
	struct csock_host **host;
};

static int find_name(void *arg, char *room, size_t size)
{
	const struct name_query *query = arg;
	struct hostent entry;
	int found = csi_platform_host_by_name(query->name, AF_INET, &entry, room, size);

	return take_entry(found, &entry, query->host);
}

int csock_gethostbyname(const char *name, struct csock_host **host)
{
	CSI_NEED(name, host);
	struct name_query query = {name, host};

	return csi_with_room(find_name, &query);
}

struct address_query {
	int family;
	socklen_t length;
	const void *packed;
	struct csock_host **host;
};

static int find_address(void *arg, char *room, size_t size)
{
	const struct address_query *query = arg;
	struct hostent entry;
	int found = csi_platform_host_by_addr(query->packed, query->length, query->family, &entry,
					      room, size);

	return take_entry(found, &entry, query->host);
}

int csock_gethostbyaddr(const struct csock_addr *addr, struct csock_host **host)
{
	CSI_NEED(addr, host);
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;
	struct address_query query = {.family = csock_addr_family(addr), .host = host};

	if (query.family != AF_INET && query.family != AF_INET6)
		return csi_system(EAFNOSUPPORT);
	if (addr->length < (query.family == AF_INET ? sizeof sin : sizeof sin6))
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	if (query.family == AF_INET) {
		memcpy(&sin, &addr->raw, sizeof sin);
		query.packed = &sin.sin_addr;
		query.length = sizeof sin.sin_addr;
	} else {
		memcpy(&sin6, &addr->raw, sizeof sin6);
		query.packed = &sin6.sin6_addr;
		query.length = sizeof sin6.sin6_addr;
	}
	return csi_with_room(find_address, &query);
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
