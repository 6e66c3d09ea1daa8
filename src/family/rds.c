/*
 * AF_RDS: (host, port). The kernel uses the addresses of AF_INET for this family.
 */
#include "family/family.h"

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	return csi_family_inet.encode(in, addr);
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	return csi_family_inet.decode(addr, sock, values);
}

const struct csi_family csi_family_rds = {
	.row.name = "AF_RDS",
	.row.family = AF_RDS,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(host, port)",
	.row.required = CSI_INET_FIELDS,
	.row.field_count = CSI_INET_FIELDS,
	.row.fields = csi_inet_fields,
	.row.minimum_length = sizeof(struct sockaddr_in),
	.encode = encode,
	.decode = decode,
};
