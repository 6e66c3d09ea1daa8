/*
 * AF_VSOCK: (cid, port).
 */
#include <stddef.h>
#include <sys/socket.h>

#include "family/family.h"

/* struct sockaddr_vm of linux/vm_sockets.h. */
struct sockaddr_vm {
	uint16_t family;
	uint16_t reserved;
	uint32_t port;
	uint32_t cid;
	uint8_t flags;
	uint8_t zero[3];
};

_Static_assert(sizeof(struct sockaddr_vm) == 16, "as the kernel lays it out");

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_vm vm = {
		.family = AF_VSOCK,
		.cid = (uint32_t)in->values[0].integer,
		.port = (uint32_t)in->values[1].integer,
	};

	csi_sockaddr_write(addr, &vm, sizeof vm);
	return 0;
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_vm vm;

	(void)sock;
	csi_sockaddr_read(addr, &vm, sizeof vm);
	csi_values_add_integer(values, vm.cid);
	csi_values_add_integer(values, vm.port);
	return 0;
}

static const struct csock_field fields[] = {
	CSI_WRAPPING_FIELD("cid"),
	CSI_WRAPPING_FIELD("port"),
};

const struct csi_family csi_family_vsock = {
	.row.name = "AF_VSOCK",
	.row.family = AF_VSOCK,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(cid, port)",
	.row.wide_options = true,
	.row.required = 2,
	.row.field_count = 2,
	.row.fields = fields,
	.row.minimum_length = offsetof(struct sockaddr_vm, flags),
	.encode = encode,
	.decode = decode,
};
