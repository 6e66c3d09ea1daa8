/*
 * Numeric hosts and services, which need no resolver.
 */
#include "numeric.h"
#include "platform/names.h"

#include <string.h>

/* The results of getaddrinfo() without a type and protocol in the hints, in its order. */
static const struct kind {
	int type;
	int protocol;
} kinds[CSI_NUMERIC_MAX] = {
	{SOCK_STREAM, IPPROTO_TCP},
	{SOCK_DGRAM, IPPROTO_UDP},
	{SOCK_RAW, 0},
};

/* The flags that do not change the answer for a numeric host and service. */
#define KNOWN_FLAGS (AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV)

bool csi_numeric_host(const char *host, int family, struct csock_addr *addr)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	struct sockaddr_in6 sin6 = {.sin6_family = AF_INET6};

	if (family != AF_INET6 && inet_pton(AF_INET, host, &sin.sin_addr) == 1) {
		addr->length = sizeof sin;
		memcpy(&addr->raw, &sin, sizeof sin);
		return true;
	}
	if (family != AF_INET && inet_pton(AF_INET6, host, &sin6.sin6_addr) == 1) {
		addr->length = sizeof sin6;
		memcpy(&addr->raw, &sin6, sizeof sin6);
		return true;
	}
	return false;
}

/* The port of a service in decimal digits; 0 for NULL, -1 for any other service. */
static int32_t numeric_port(const char *service)
{
	int32_t port = 0;

	if (!service)
		return 0;
	if (*service == '\0')
		return -1;
	for (; *service; service++) {
		if (*service < '0' || *service > '9')
			return -1;
		port = port * 10 + (*service - '0');
		if (port > UINT16_MAX)
			return -1;
	}
	return port;
}

void csi_set_port(struct csock_addr *addr, uint16_t port)
{
	port = htons(port);
	memcpy(addr->raw.bytes + CSOCK_ADDRESS_HEADER, &port, sizeof port);
}

static bool is_asked_for(const struct kind *kind, const struct csock_hints *hints)
{
	return (hints->type == 0 || hints->type == kind->type) &&
	       (hints->protocol == 0 || hints->protocol == kind->protocol);
}

/* For SOCK_RAW in the hints getaddrinfo() gives other results. */
static bool is_usual(const struct csock_hints *hints)
{
	return (hints->flags & ~KNOWN_FLAGS) == 0 &&
	       (hints->family == AF_UNSPEC || hints->family == AF_INET ||
		hints->family == AF_INET6) &&
	       hints->type != SOCK_RAW;
}

/* Copies only the bytes that the address has: the struct is much larger. */
static void set_result(struct csock_resolved *result, const struct kind *kind,
		       const struct csock_addr *addr)
{
	result->family = csock_addr_family(addr);
	result->type = kind->type;
	result->protocol = kind->protocol;
	result->canonical_name = NULL;
	result->addr.length = addr->length;
	memcpy(&result->addr.raw, &addr->raw, addr->length);
}

size_t csi_numeric_results(const char *host, const char *service, const struct csock_hints *hints,
			   struct csock_resolved results[CSI_NUMERIC_MAX])
{
	int32_t port = numeric_port(service);
	struct csock_addr addr;
	size_t count = 0;

	if (!host || port < 0 || !is_usual(hints) || !csi_numeric_host(host, hints->family, &addr))
		return 0;
	csi_set_port(&addr, (uint16_t)port);
	for (size_t i = 0; i < CSI_NUMERIC_MAX; i++)
		if (is_asked_for(&kinds[i], hints))
			set_result(&results[count++], &kinds[i], &addr);
	return count;
}
