/*
 * AF_INET: (host, port).
 */
#include <string.h>

#include "csocket/resolver.h"
#include "family/family.h"
#include "numeric.h"
#include "platform/names.h"

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	int result = csi_host_address(&in->values[0], AF_INET, in->deadline, addr);

	if (result == 0)
		csi_set_port(addr, (uint16_t)in->values[1].integer);
	return result;
}

static char *put_number(char *text, unsigned char number)
{
	if (number >= 100)
		*text++ = (char)('0' + number / 100);
	if (number >= 10)
		*text++ = (char)('0' + number / 10 % 10);
	*text++ = (char)('0' + number % 10);
	return text;
}

/* Writes the dotted form. inet_ntop() would take longer than the kernel does for getsockname(). */
static size_t put_host(char *text, const struct in_addr *host)
{
	unsigned char octets[sizeof host->s_addr];
	char *end = text;

	memcpy(octets, &host->s_addr, sizeof octets);
	for (size_t i = 0; i < sizeof octets; i++) {
		if (i > 0)
			*end++ = '.';
		end = put_number(end, octets[i]);
	}
	*end = '\0';
	return (size_t)(end - text);
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_in sin;

	(void)sock;
	memcpy(&sin, &addr->raw, sizeof sin);
	size_t length = put_host(values->text, &sin.sin_addr);
	csi_values_add(values, CSOCK_VALUE_TEXT, values->text, length);
	csi_values_add_integer(values, ntohs(sin.sin_port));
	return 0;
}

const struct csock_field csi_inet_fields[CSI_INET_FIELDS] = {
	{.name = "host", .kind = CSOCK_FIELD_HOST},
	{.name = "port", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
};

const struct csi_family csi_family_inet = {
	.row.name = "AF_INET",
	.row.family = AF_INET,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(host, port)",
	.row.cacheable = true,
	.row.opens_and_closes_at_once = true,
	.row.required = CSI_INET_FIELDS,
	.row.field_count = CSI_INET_FIELDS,
	.row.fields = csi_inet_fields,
	.row.minimum_length = sizeof(struct sockaddr_in),
	.encode = encode,
	.decode = decode,
};
