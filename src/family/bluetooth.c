/*
 * AF_BLUETOOTH on Linux: (bdaddr, psm[, cid[, bdaddr_type]]) for L2CAP, (bdaddr, channel) for
 * RFCOMM, device_id or (device_id[, channel]) for HCI, bdaddr for SCO.
 *
 * The structs are those of the kernel's include/net/bluetooth, which it does not export.
 */
#include <endian.h>
#include <stddef.h>
#include <sys/socket.h>

#include "family/bdaddr.h"
#include "family/family.h"
#include "family/protocol_numbers.h"

enum {
	BDADDR_BREDR = 0
};
enum {
	HCI_CHANNEL_RAW = 0
};

struct sockaddr_l2 {
	uint16_t family;
	uint16_t psm; /* little-endian */
	struct csi_bdaddr bdaddr;
	uint16_t cid; /* little-endian */
	uint8_t bdaddr_type;
	uint8_t zero;
};

struct sockaddr_rc {
	uint16_t family;
	struct csi_bdaddr bdaddr;
	uint8_t channel;
	uint8_t zero;
};

struct sockaddr_hci {
	uint16_t family;
	uint16_t device;
	uint16_t channel;
};

struct sockaddr_sco {
	uint16_t family;
	struct csi_bdaddr bdaddr;
};

_Static_assert(sizeof(struct sockaddr_l2) == 14, "as the kernel lays it out");
_Static_assert(sizeof(struct sockaddr_rc) == 10, "as the kernel lays it out");
_Static_assert(sizeof(struct sockaddr_hci) == 6, "as the kernel lays it out");
_Static_assert(sizeof(struct sockaddr_sco) == 8, "as the kernel lays it out");

static int encode_l2cap(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_l2 l2 = {
		.family = AF_BLUETOOTH,
		.psm = htole16((uint16_t)in->values[1].integer),
		.cid = htole16((uint16_t)(in->count > 2 ? in->values[2].integer : 0)),
		.bdaddr_type = (uint8_t)(in->count > 3 ? in->values[3].integer : BDADDR_BREDR),
	};
	int result = csi_bdaddr_parse(&in->values[0], &l2.bdaddr);

	csi_sockaddr_write(addr, &l2, sizeof l2);
	return result;
}

/* Appends the optional values only if they are not the defaults: no cid, and BR/EDR. */
static int decode_l2cap(const struct csock_addr *addr, struct csock_socket *sock,
			struct csock_values *values)
{
	struct sockaddr_l2 l2;

	(void)sock;
	csi_sockaddr_read(addr, &l2, sizeof l2);
	csi_values_add_bdaddr(values, &l2.bdaddr);
	csi_values_add_integer(values, le16toh(l2.psm));
	if (l2.cid != 0 || l2.bdaddr_type != BDADDR_BREDR)
		csi_values_add_integer(values, le16toh(l2.cid));
	if (l2.bdaddr_type != BDADDR_BREDR)
		csi_values_add_integer(values, l2.bdaddr_type);
	return 0;
}

static int encode_rfcomm(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_rc rc = {.family = AF_BLUETOOTH, .channel = (uint8_t)in->values[1].integer};
	int result = csi_bdaddr_parse(&in->values[0], &rc.bdaddr);

	csi_sockaddr_write(addr, &rc, sizeof rc);
	return result;
}

static int decode_rfcomm(const struct csock_addr *addr, struct csock_socket *sock,
			 struct csock_values *values)
{
	struct sockaddr_rc rc;

	(void)sock;
	csi_sockaddr_read(addr, &rc, sizeof rc);
	csi_values_add_bdaddr(values, &rc.bdaddr);
	csi_values_add_integer(values, rc.channel);
	return 0;
}

static int encode_hci(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_hci hci = {
		.family = AF_BLUETOOTH,
		.device = (uint16_t)in->values[0].integer,
		.channel = (uint16_t)(in->count > 1 ? in->values[1].integer : HCI_CHANNEL_RAW),
	};

	csi_sockaddr_write(addr, &hci, sizeof hci);
	return 0;
}

static int decode_hci(const struct csock_addr *addr, struct csock_socket *sock,
		      struct csock_values *values)
{
	struct sockaddr_hci hci;

	(void)sock;
	csi_sockaddr_read(addr, &hci, sizeof hci);
	csi_values_add_integer(values, hci.device);
	if (hci.channel != HCI_CHANNEL_RAW)
		csi_values_add_integer(values, hci.channel);
	return 0;
}

static int encode_sco(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_sco sco = {.family = AF_BLUETOOTH};
	int result = csi_bdaddr_parse(&in->values[0], &sco.bdaddr);

	csi_sockaddr_write(addr, &sco, sizeof sco);
	return result;
}

static int decode_sco(const struct csock_addr *addr, struct csock_socket *sock,
		      struct csock_values *values)
{
	struct sockaddr_sco sco;

	(void)sock;
	csi_sockaddr_read(addr, &sco, sizeof sco);
	csi_values_add_bdaddr(values, &sco.bdaddr);
	return 0;
}

static const struct csock_field l2cap_fields[] = {
	{.name = "bdaddr", .kind = CSOCK_FIELD_TEXT},
	{.name = "psm", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
	{.name = "cid", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
	{.name = "bdaddr_type", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT8_MAX},
};

static const struct csock_field rfcomm_fields[] = {
	{.name = "bdaddr", .kind = CSOCK_FIELD_TEXT},
	{.name = "channel", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT8_MAX},
};

static const struct csock_field hci_fields[] = {
	/* -1 is HCI_DEV_NONE. */
	{.name = "device_id", .kind = CSOCK_FIELD_INTEGER, .minimum = -1, .maximum = UINT16_MAX},
	{.name = "channel", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
};

static const struct csock_field sco_fields[] = {
	{.name = "bdaddr", .kind = CSOCK_FIELD_NAME},
};

const struct csi_family csi_family_l2cap = {
	CSI_BLUETOOTH,
	.row.protocol = BTPROTO_L2CAP,
	.row.form = "(bdaddr, psm[, cid[, bdaddr_type]])",
	.row.required = 2,
	.row.field_count = 4,
	.row.fields = l2cap_fields,
	.row.minimum_length = offsetof(struct sockaddr_l2, cid),
	.encode = encode_l2cap,
	.decode = decode_l2cap,
};

const struct csi_family csi_family_rfcomm = {
	CSI_BLUETOOTH,
	.row.protocol = BTPROTO_RFCOMM,
	.row.form = "(bdaddr, channel)",
	.row.required = 2,
	.row.field_count = 2,
	.row.fields = rfcomm_fields,
	.row.minimum_length = offsetof(struct sockaddr_rc, channel) + 1,
	.encode = encode_rfcomm,
	.decode = decode_rfcomm,
};

const struct csi_family csi_family_hci = {
	CSI_BLUETOOTH,
	.row.protocol = BTPROTO_HCI,
	.row.form = "device_id or (device_id[, channel])",
	.row.shape = CSOCK_SHAPE_EITHER,
	.row.required = 1,
	.row.field_count = 2,
	.row.fields = hci_fields,
	.row.minimum_length = offsetof(struct sockaddr_hci, channel),
	.encode = encode_hci,
	.decode = decode_hci,
};

const struct csi_family csi_family_sco = {
	CSI_BLUETOOTH,
	.row.protocol = BTPROTO_SCO,
	.row.form = "bdaddr",
	.row.shape = CSOCK_SHAPE_SCALAR,
	.row.required = 1,
	.row.field_count = 1,
	.row.fields = sco_fields,
	.row.minimum_length = sizeof(struct sockaddr_sco),
	.encode = encode_sco,
	.decode = decode_sco,
};
