/*
 * Addresses of IP and AF_UNIX from numeric hosts, ports and paths, and their parts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csocket/address.h"
#include "csocket/inet.h"
#include "csocket/status.h"
#include "failure.h"
#include "family/family.h"
#include "numeric.h"
#include "platform/names.h"

_Static_assert(CSOCK_ADDRESS_HOST_MAX > CSOCK_INET_TEXT_MAX + CSOCK_INTERFACE_NAME_MAX,
	       "room for any host with the name of its interface");

/* The fields of a refusal. */
enum {
	HOST,
	PORT
};

/* The values of an AF_INET6 address, beside its host and port. */
enum {
	SCOPE = 3
};

static bool is_port(int port)
{
	return port >= 0 && port <= UINT16_MAX;
}

static int make(struct csock_addr *addr, int family, const char *host, int port)
{
	struct csock_addr made;

	if (!csi_numeric_host(host, family, &made))
		return csock_status_refuse(CSOCK_REFUSED_SYNTAX, HOST);
	if (!is_port(port))
		return csock_status_refuse(CSOCK_REFUSED_RANGE, PORT);
	csi_set_port(&made, (uint16_t)port);
	*addr = made;
	return 0;
}

int csock_addr_inet(struct csock_addr *addr, const char *host, int port)
{
	CSI_NEED(addr);
	return make(addr, AF_INET, host ? host : "0.0.0.0", port);
}

/* Reads the zone of a host, as getaddrinfo() does: the name of an interface, or its number. */
static int read_zone(const char *zone, uint32_t *scope_id)
{
	int index = csock_if_nametoindex(zone);
	char *end;

	if (index > 0) {
		*scope_id = (uint32_t)index;
		return 0;
	}
	unsigned long long number = strtoull(zone, &end, 10);
	if (zone[0] < '0' || zone[0] > '9' || *end != '\0')
		return index;
	if (number > UINT32_MAX)
		return csock_status_refuse(CSOCK_REFUSED_RANGE, HOST);
	*scope_id = (uint32_t)number;
	return 0;
}

int csock_addr_inet6(struct csock_addr *addr, const char *host, int port, uint32_t scope_id)
{
	CSI_NEED(addr);
	char text[CSOCK_INET_TEXT_MAX];
	size_t length = host ? strcspn(host, "%") : 0;
	bool has_zone = host && host[length] == '%';
	struct sockaddr_in6 sin6;
	struct csock_addr made;

	if (length >= sizeof text)
		return csock_status_refuse(CSOCK_REFUSED_SYNTAX, HOST);
	memcpy(text, host ? host : "", length);
	text[length] = '\0';
	int result = make(&made, AF_INET6, host ? text : "::", port);
	if (result == 0 && has_zone)
		result = read_zone(host + length + 1, &scope_id);
	if (result < 0)
		return result;
	csi_sockaddr_read(&made, &sin6, sizeof sin6);
	sin6.sin6_scope_id = scope_id;
	csi_sockaddr_write(addr, &sin6, sizeof sin6);
	return 0;
}

int csock_addr_unix(struct csock_addr *addr, const char *path, size_t length)
{
	CSI_NEED(addr);
	const struct csock_value value = {
		.kind = CSOCK_VALUE_BYTES, .data = path, .length = length};

	return csock_addr_encode(&csi_family_unix.row, &value, 1, NULL, CSOCK_NOW, addr);
}

int csock_addr_from_sockaddr(struct csock_addr *addr, const void *sockaddr, size_t length)
{
	CSI_NEED(addr, sockaddr);
	if (length < CSOCK_ADDRESS_HEADER || length > sizeof addr->raw)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	csi_sockaddr_write(addr, sockaddr, length);
	return 0;
}

/* Splits an IP address into its values: their number, or a failure. */
static int decode(const struct csock_addr *addr, struct csock_values *values)
{
	int family = csock_addr_family(addr);

	if (family != AF_INET && family != AF_INET6)
		return csock_status_refuse(CSOCK_REFUSED_FAMILY, 0);
	return csock_addr_decode(addr, NULL, values);
}

int csock_addr_port(const struct csock_addr *addr)
{
	CSI_NEED(addr);
	struct csock_values values = {.count = 0};
	int count = decode(addr, &values);

	return count < 0 ? count : (int)values.item[PORT].integer;
}

int csock_addr_set_port(struct csock_addr *addr, int port)
{
	CSI_NEED(addr);
	int former = csock_addr_port(addr);

	if (former < 0)
		return former;
	if (!is_port(port))
		return csock_status_refuse(CSOCK_REFUSED_RANGE, PORT);
	csi_set_port(addr, (uint16_t)port);
	return 0;
}

int csock_addr_host(const struct csock_addr *addr, struct csock_socket *sock,
		    char host[CSOCK_ADDRESS_HOST_MAX])
{
	CSI_NEED(addr, host);
	struct csock_values values = {.count = 0}, zone = {.count = 0};
	int count = decode(addr, &values);

	if (count < 0)
		return count;
	int64_t scope_id = count > SCOPE ? values.item[SCOPE].integer : 0;
	if (scope_id == 0) {
		snprintf(host, CSOCK_ADDRESS_HOST_MAX, "%s", values.item[HOST].data);
		return 0;
	}
	csi_values_add_interface(&zone, (unsigned int)scope_id, sock);
	if (zone.item[0].length > 0)
		snprintf(host, CSOCK_ADDRESS_HOST_MAX, "%s%%%s", values.item[HOST].data,
			 zone.item[0].data);
	else
		snprintf(host, CSOCK_ADDRESS_HOST_MAX, "%s%%%u", values.item[HOST].data,
			 (unsigned int)scope_id);
	return 0;
}
