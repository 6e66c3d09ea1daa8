/*
 * AF_INET: (host, port).
 */
#include <arpa/inet.h>
#include <string.h>

#include "csocket/resolver.h"
#include "family/family.h"

static int encode(const struct csock_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_in sin;
	int result = csi_host_address(&in->values[0], AF_INET, in->deadline, addr);

	if (result < 0)
		return result;
	memcpy(&sin, &addr->raw, sizeof sin);
	sin.sin_port = htons((uint16_t)in->values[1].integer);
	memcpy(&addr->raw, &sin, sizeof sin);
	return 0;
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_in sin;

	(void)sock;
	memcpy(&sin, &addr->raw, sizeof sin);
	/* The room is enough for every address, so that this cannot fail. */
	(void)inet_ntop(AF_INET, &sin.sin_addr, values->text, sizeof values->text);
	csi_values_add(values, CSOCK_VALUE_TEXT, values->text, strlen(values->text));
	csi_values_add_integer(values, ntohs(sin.sin_port));
	return 0;
}

const struct csock_field csi_inet_fields[CSI_INET_FIELDS] = {
	{.name = "host", .kind = CSOCK_FIELD_HOST},
	{.name = "port", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
};

const struct csock_family csi_family_inet = {
	.name = "AF_INET",
	.family = AF_INET,
	.protocol = CSOCK_ANY_PROTOCOL,
	.form = "(host, port)",
	.context_free = true,
	.prompt = true,
	.required = CSI_INET_FIELDS,
	.field_count = CSI_INET_FIELDS,
	.fields = csi_inet_fields,
	.minimum_length = sizeof(struct sockaddr_in),
	.encode = encode,
	.decode = decode,
};
