/*
 * AF_HYPERV: (vm_id, service_id), a virtual machine or partition, and a service there. Both are
 * UUIDs as text, such as "a42e7cda-d03f-480c-9cc2-a4de20abb878".
 */
#include <stdio.h>

#include "csocket/status.h"
#include "family/family.h"
#include "family/hex.h"
#include "family/protocol_numbers.h"

#define UUID_SIZE 16
#define UUID_TEXT_LENGTH 36

struct uuid {
	uint8_t byte[UUID_SIZE];
};

/* SOCKADDR_HV of hvsocket.h. */
struct sockaddr_hv {
	uint16_t family;
	uint16_t reserved;
	struct uuid ids[2]; /* of the machine and the service */
};

_Static_assert(sizeof(struct sockaddr_hv) == 36, "as Windows lays it out");
_Static_assert(CSOCK_VALUE_TEXT_MAX > 2 * (UUID_TEXT_LENGTH + 1), "room for both texts");

/* Where the bytes of the text are in the struct, whose first three numbers are little-endian. */
static const uint8_t places[UUID_SIZE] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

static bool has_hyphen_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

/* Whether the text is a UUID, of which the struct gets the bytes. */
static bool parse(const struct csock_value *text, struct uuid *uuid)
{
	const char *at = text->data;

	if (text->length != UUID_TEXT_LENGTH)
		return false;
	for (size_t i = 0; i < UUID_SIZE; i++, at += 2) {
		if (has_hyphen_before(i) && *at++ != '-')
			return false;
		int high = csi_hex_value(at[0]), low = csi_hex_value(at[1]);
		if (high < 0 || low < 0)
			return false;
		uuid->byte[places[i]] = (uint8_t)(high * 16 + low);
	}
	return true;
}

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_hv hv = {.family = AF_HYPERV};

	for (unsigned int i = 0; i < 2; i++)
		if (!parse(&in->values[i], &hv.ids[i]))
			return csock_status_refuse(CSOCK_REFUSED_SYNTAX, i);
	csi_sockaddr_write(addr, &hv, sizeof hv);
	return 0;
}

/* Appends a UUID. text has room for it and a final zero. */
static void add_uuid(struct csock_values *values, char *text, const struct uuid *uuid)
{
	char *at = text;

	for (size_t i = 0; i < UUID_SIZE; i++) {
		if (has_hyphen_before(i))
			*at++ = '-';
		at += snprintf(at, 3, "%02x", uuid->byte[places[i]]);
	}
	csi_values_add(values, CSOCK_VALUE_TEXT, text, UUID_TEXT_LENGTH);
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_hv hv;

	(void)sock;
	csi_sockaddr_read(addr, &hv, sizeof hv);
	add_uuid(values, values->text, &hv.ids[0]);
	add_uuid(values, values->text + UUID_TEXT_LENGTH + 1, &hv.ids[1]);
	return 0;
}

static const struct csock_field fields[] = {
	{.name = "vm_id", .kind = CSOCK_FIELD_UUID},
	{.name = "service_id", .kind = CSOCK_FIELD_UUID},
};

const struct csi_family csi_family_hyperv = {
	.row.name = "AF_HYPERV",
	.row.family = AF_HYPERV,
	.row.protocol = HV_PROTOCOL_RAW,
	.row.form = "(vm_id, service_id)",
	.row.unknown_protocol = "unsupported AF_HYPERV protocol",
	.row.required = 2,
	.row.field_count = 2,
	.row.fields = fields,
	.row.minimum_length = sizeof(struct sockaddr_hv),
	.encode = encode,
	.decode = decode,
};
