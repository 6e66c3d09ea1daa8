/*
 * AF_BLUETOOTH on Windows: (bdaddr, channel) for RFCOMM, the one protocol that it has.
 */
#include "family/bdaddr.h"
#include "family/family.h"
#include "family/protocol_numbers.h"

/* SOCKADDR_BTH of ws2bth.h, without padding. The address of a device is a number of 64 bits. */
struct sockaddr_bth {
	uint16_t family;
	struct csi_bdaddr bdaddr;
	uint8_t zero[2];
	uint8_t service_class[16]; /* a service in place of the channel, if it is not zero */
	uint32_t channel;
} __attribute__((packed));

_Static_assert(sizeof(struct sockaddr_bth) == 30, "as Windows lays it out");

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_bth bth = {
		.family = AF_BLUETOOTH,
		.channel = (uint32_t)in->values[1].integer,
	};
	int result = csi_bdaddr_parse(&in->values[0], &bth.bdaddr);

	csi_sockaddr_write(addr, &bth, sizeof bth);
	return result;
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_bth bth;

	(void)sock;
	csi_sockaddr_read(addr, &bth, sizeof bth);
	csi_values_add_bdaddr(values, &bth.bdaddr);
	csi_values_add_integer(values, bth.channel);
	return 0;
}

static const struct csock_field fields[] = {
	{.name = "bdaddr", .kind = CSOCK_FIELD_TEXT},
	CSI_WRAPPING_FIELD("channel"), /* -1 is BT_PORT_ANY */
};

const struct csi_family csi_family_rfcomm = {
	CSI_BLUETOOTH,
	.row.protocol = BTPROTO_RFCOMM,
	.row.form = "(bdaddr, channel)",
	.row.required = 2,
	.row.field_count = 2,
	.row.fields = fields,
	.row.minimum_length = sizeof(struct sockaddr_bth),
	.encode = encode,
	.decode = decode,
};
