/*
 * AF_NETLINK: (pid, groups).
 */
#include <sys/socket.h>

#include <linux/netlink.h>

#include "family/family.h"

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_nl snl = {
		.nl_family = AF_NETLINK,
		.nl_pid = (uint32_t)in->values[0].integer,
		.nl_groups = (uint32_t)in->values[1].integer,
	};

	csi_sockaddr_write(addr, &snl, sizeof snl);
	return 0;
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_nl snl;

	(void)sock;
	csi_sockaddr_read(addr, &snl, sizeof snl);
	csi_values_add_integer(values, snl.nl_pid);
	csi_values_add_integer(values, snl.nl_groups);
	return 0;
}

static const struct csock_field fields[] = {
	CSI_WRAPPING_FIELD("pid"),
	CSI_WRAPPING_FIELD("groups"),
};

const struct csi_family csi_family_netlink = {
	.row.name = "AF_NETLINK",
	.row.family = AF_NETLINK,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(pid, groups)",
	.row.unbounded_calls = true,
	.row.required = 2,
	.row.field_count = 2,
	.row.fields = fields,
	.row.minimum_length = sizeof(struct sockaddr_nl),
	.encode = encode,
	.decode = decode,
};
