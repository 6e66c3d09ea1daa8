/*
 * AF_INET6: (host, port[, flowinfo[, scopeid]]).
 */
#include <string.h>

#include "csocket/resolver.h"
#include "family/family.h"
#include "platform/names.h"

/* The part of sin6_flowinfo that is the flow label (RFC 6437). */
#define FLOWINFO_MAX 0xfffff

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_in6 sin6;
	int result = csi_host_address(&in->values[0], AF_INET6, in->deadline, addr);

	if (result < 0)
		return result;
	memcpy(&sin6, &addr->raw, sizeof sin6);
	sin6.sin6_port = htons((uint16_t)in->values[1].integer);
	sin6.sin6_flowinfo = in->count > 2 ? htonl((uint32_t)in->values[2].integer) : 0;
	/* Only the tuple sets the scope_id, even if the host has a %scope. */
	sin6.sin6_scope_id = in->count > 3 ? (uint32_t)in->values[3].integer : 0;
	memcpy(&addr->raw, &sin6, sizeof sin6);
	return 0;
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_in6 sin6;

	(void)sock;
	memcpy(&sin6, &addr->raw, sizeof sin6);
	/* It cannot fail: every address fits. */
	(void)inet_ntop(AF_INET6, &sin6.sin6_addr, values->text, sizeof values->text);
	csi_values_add(values, CSOCK_VALUE_TEXT, values->text, strlen(values->text));
	csi_values_add_integer(values, ntohs(sin6.sin6_port));
	csi_values_add_integer(values, ntohl(sin6.sin6_flowinfo));
	csi_values_add_integer(values, sin6.sin6_scope_id);
	return 0;
}

static const struct csock_field fields[] = {
	{.name = "host", .kind = CSOCK_FIELD_HOST},
	{.name = "port", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
	{.name = "flowinfo", .kind = CSOCK_FIELD_INTEGER, .maximum = FLOWINFO_MAX},
	{.name = "scope_id", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT32_MAX},
};

const struct csi_family csi_family_inet6 = {
	.row.name = "AF_INET6",
	.row.family = AF_INET6,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(host, port[, flowinfo[, scopeid]])",
	.row.opens_and_closes_at_once = true,
	.row.required = 2,
	.row.field_count = 4,
	.row.fields = fields,
	.row.minimum_length = sizeof(struct sockaddr_in6),
	.encode = encode,
	.decode = decode,
};
