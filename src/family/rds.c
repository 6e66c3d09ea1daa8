/*
 * AF_RDS: (host, port). The kernel uses the addresses of AF_INET for this family.
 */
#include "family/family.h"

static int encode(const struct csock_encoding *in, struct csock_addr *addr)
{
	return csi_family_inet.encode(in, addr);
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	return csi_family_inet.decode(addr, sock, values);
}

const struct csock_family csi_family_rds = {
	.name = "AF_RDS",
	.family = AF_RDS,
	.protocol = CSOCK_ANY_PROTOCOL,
	.form = "(host, port)",
	.required = CSI_INET_FIELDS,
	.field_count = CSI_INET_FIELDS,
	.fields = csi_inet_fields,
	.minimum_length = sizeof(struct sockaddr_in),
	.encode = encode,
	.decode = decode,
};
