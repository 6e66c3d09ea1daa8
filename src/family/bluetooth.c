/*
 * AF_BLUETOOTH: (bdaddr, psm[, cid[, bdaddr_type]]) for L2CAP, (bdaddr, channel) for RFCOMM,
 * device_id or (device_id[, channel]) for HCI, bdaddr for SCO.
 *
 * A bdaddr is text such as "12:34:56:78:9A:BC". The structs are those of the kernel's
 * include/net/bluetooth, which it does not export.
 */
#include <endian.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "csocket/status.h"
#include "family/family.h"
#include "family/protocol_numbers.h"

enum {
	BDADDR_BREDR = 0
};
enum {
	HCI_CHANNEL_RAW = 0
};

/* In reverse order: the last byte of the text comes first. */
struct bdaddr {
	uint8_t byte[6];
};

struct sockaddr_l2 {
	uint16_t family;
	uint16_t psm; /* little-endian */
	struct bdaddr bdaddr;
	uint16_t cid; /* little-endian */
	uint8_t bdaddr_type;
	uint8_t zero;
};

struct sockaddr_rc {
	uint16_t family;
	struct bdaddr bdaddr;
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
	struct bdaddr bdaddr;
};

_Static_assert(sizeof(struct sockaddr_l2) == 14, "as the kernel lays it out");
_Static_assert(sizeof(struct sockaddr_rc) == 10, "as the kernel lays it out");
_Static_assert(sizeof(struct sockaddr_hci) == 6, "as the kernel lays it out");
_Static_assert(sizeof(struct sockaddr_sco) == 8, "as the kernel lays it out");

#define BDADDR_TEXT_MAX sizeof "12:34:56:78:9A:BC"

/* All rows of the family begin like this. */
#define COMMON                                                                                     \
	.row.name = "AF_BLUETOOTH", .row.family = AF_BLUETOOTH, .row.misfit_is_syntax = true,      \
	.row.bad_syntax = "bad bluetooth address",                                                 \
	.row.unknown_protocol = "unknown Bluetooth protocol"

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Six numbers of one or two hexadecimal digits, with colons between them. */
static int parse_bdaddr(const struct csock_value *text, struct bdaddr *bdaddr)
{
	/* Indexes, not pointers: data may be NULL for an empty text. */
	size_t at = 0, end = text->length;

	for (int i = 5; i >= 0; i--) {
		int value = at < end ? digit_value(text->data[at++]) : -1;
		if (value >= 0 && at < end && digit_value(text->data[at]) >= 0)
			value = value * 16 + digit_value(text->data[at++]);
		bool ends_well = i > 0 ? at < end && text->data[at++] == ':' : at == end;
		if (value < 0 || !ends_well)
			return csock_status_refuse(CSOCK_REFUSED_SYNTAX, 0);
		bdaddr->byte[i] = (uint8_t)value;
	}
	return 0;
}

static void add_bdaddr(struct csock_values *values, const struct bdaddr *bdaddr)
{
	const uint8_t *byte = bdaddr->byte;
	int length = snprintf(values->text, BDADDR_TEXT_MAX, "%02X:%02X:%02X:%02X:%02X:%02X",
			      byte[5], byte[4], byte[3], byte[2], byte[1], byte[0]);

	csi_values_add(values, CSOCK_VALUE_TEXT, values->text, (size_t)length);
}

static int encode_l2cap(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_l2 l2 = {
		.family = AF_BLUETOOTH,
		.psm = htole16((uint16_t)in->values[1].integer),
		.cid = htole16((uint16_t)(in->count > 2 ? in->values[2].integer : 0)),
		.bdaddr_type = (uint8_t)(in->count > 3 ? in->values[3].integer : BDADDR_BREDR),
	};
	int result = parse_bdaddr(&in->values[0], &l2.bdaddr);

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
	add_bdaddr(values, &l2.bdaddr);
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
	int result = parse_bdaddr(&in->values[0], &rc.bdaddr);

	csi_sockaddr_write(addr, &rc, sizeof rc);
	return result;
}

static int decode_rfcomm(const struct csock_addr *addr, struct csock_socket *sock,
			 struct csock_values *values)
{
	struct sockaddr_rc rc;

	(void)sock;
	csi_sockaddr_read(addr, &rc, sizeof rc);
	add_bdaddr(values, &rc.bdaddr);
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
	int result = parse_bdaddr(&in->values[0], &sco.bdaddr);

	csi_sockaddr_write(addr, &sco, sizeof sco);
	return result;
}

static int decode_sco(const struct csock_addr *addr, struct csock_socket *sock,
		      struct csock_values *values)
{
	struct sockaddr_sco sco;

	(void)sock;
	csi_sockaddr_read(addr, &sco, sizeof sco);
	add_bdaddr(values, &sco.bdaddr);
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
	COMMON,
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
	COMMON,
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
	COMMON,
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
	COMMON,
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
