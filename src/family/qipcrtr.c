/*
 * AF_QIPCRTR: (node, port).
 */
#include <sys/socket.h>

#include "family/family.h"

/* struct sockaddr_qrtr of linux/qrtr.h. */
struct sockaddr_qrtr {
	uint16_t family;
	uint16_t zero;
	uint32_t node;
	uint32_t port;
};

_Static_assert(sizeof(struct sockaddr_qrtr) == 12, "as the kernel lays it out");

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_qrtr qrtr = {
		.family = AF_QIPCRTR,
		.node = (uint32_t)in->values[0].integer,
		.port = (uint32_t)in->values[1].integer,
	};

	csi_sockaddr_write(addr, &qrtr, sizeof qrtr);
	return 0;
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_qrtr qrtr;

	(void)sock;
	csi_sockaddr_read(addr, &qrtr, sizeof qrtr);
	csi_values_add_integer(values, qrtr.node);
	csi_values_add_integer(values, qrtr.port);
	return 0;
}

static const struct csock_field fields[] = {
	CSI_WRAPPING_FIELD("node"),
	CSI_WRAPPING_FIELD("port"),
};

const struct csi_family csi_family_qipcrtr = {
	.row.name = "AF_QIPCRTR",
	.row.family = AF_QIPCRTR,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(node, port)",
	.row.required = 2,
	.row.field_count = 2,
	.row.fields = fields,
	.row.minimum_length = sizeof(struct sockaddr_qrtr),
	.encode = encode,
	.decode = decode,
};
