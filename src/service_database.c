/*
 * The databases of services and protocols.
 */
#include <stdint.h>
#include <stdio.h>

#include "csocket/resolver.h"
#include "failure.h"
#include "netdb_room.h"
#include "platform/names.h"
#include "platform/platform.h"

struct query {
	const char *name;
	int port;
	const char *protocol;
	char *service; /* gets the name, at most CSOCK_HOST_NAME_MAX bytes */
};

/* Turns 0 into ENOENT: the database has no such entry. */
static int entry_status(int found)
{
	return found == 0 ? csi_system(ENOENT) : found;
}

static int find_protocol(void *arg, char *room, size_t size)
{
	const struct query *query = arg;
	struct protoent entry;
	int found = entry_status(csi_platform_protocol_by_name(query->name, &entry, room, size));

	return found < 0 ? found : entry.p_proto;
}

int csock_getprotobyname(const char *name)
{
	CSI_NEED(name);
	struct query query = {.name = name};

	return csi_with_room(find_protocol, &query);
}

static int find_service(void *arg, char *room, size_t size)
{
	const struct query *query = arg;
	struct servent entry;
	int found = entry_status(
		csi_platform_service_by_name(query->name, query->protocol, &entry, room, size));

	return found < 0 ? found : ntohs((uint16_t)entry.s_port);
}

int csock_getservbyname(const char *name, const char *protocol)
{
	CSI_NEED(name);
	struct query query = {.name = name, .protocol = protocol};

	return csi_with_room(find_service, &query);
}

static int find_port(void *arg, char *room, size_t size)
{
	const struct query *query = arg;
	struct servent entry;
	int found = entry_status(csi_platform_service_by_port(htons((uint16_t)query->port),
							      query->protocol, &entry, room, size));

	if (found < 0)
		return found;
	snprintf(query->service, CSOCK_HOST_NAME_MAX, "%s", entry.s_name);
	return 0;
}

int csock_getservbyport(int port, const char *protocol, char name[CSOCK_HOST_NAME_MAX])
{
	CSI_NEED(name);
	struct query query = {.port = port, .protocol = protocol, .service = name};

	if (port < 0 || port > UINT16_MAX)
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	return csi_with_room(find_port, &query);
}
