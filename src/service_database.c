/*
 * The databases of services and protocols.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>

#include "csocket/resolver.h"
#include "failure.h"
#include "platform/platform.h"

/* Room for an entry and its aliases: what glibc's manual has in its example. */
#define ROOM 4096

/* Found, not there, or a failure. */
static int entry_status(int found)
{
	return found == 0 ? csi_system(ENOENT) : found;
}

int csock_protocol_by_name(const char *name)
{
	struct protoent entry;
	char room[ROOM];
	int found = entry_status(csi_platform_protocol_by_name(name, &entry, room, sizeof room));

	return found < 0 ? found : entry.p_proto;
}

int csock_service_by_name(const char *name, const char *protocol)
{
	struct servent entry;
	char room[ROOM];
	int found = entry_status(
		csi_platform_service_by_name(name, protocol, &entry, room, sizeof room));

	return found < 0 ? found : ntohs((uint16_t)entry.s_port);
}

int csock_service_by_port(int port, const char *protocol, char name[CSOCK_HOST_NAME_MAX])
{
	struct servent entry;
	char room[ROOM];
	int found = entry_status(csi_platform_service_by_port(htons((uint16_t)port), protocol,
							      &entry, room, sizeof room));

	if (found < 0)
		return found;
	snprintf(name, CSOCK_HOST_NAME_MAX, "%s", entry.s_name);
	return 0;
}
