/*
 * AF_CAN: (interface,) for CAN_RAW and CAN_BCM, (interface, rx_addr, tx_addr) for CAN_ISOTP,
 * (interface, name, pgn, addr) for CAN_J1939.
 */
#include <stddef.h>
#include <sys/socket.h>

#include "family/family.h"
#include "family/protocol_numbers.h"

/*
 * struct sockaddr_can of linux/can.h. The longest member of the union is first, so that an
 * initialiser sets the whole union to zero.
 */
struct sockaddr_can {
	uint16_t family;
	uint16_t zero;
	int32_t interface;
	union {
		struct {
			uint64_t name;
			uint32_t pgn;
			uint8_t addr;
			uint8_t zero[3];
		} j1939;
		struct {
			uint32_t rx;
			uint32_t tx;
		} isotp;
	};
};

#define HEADER_LENGTH offsetof(struct sockaddr_can, isotp)
#define J1939_LENGTH (offsetof(struct sockaddr_can, j1939.addr) + 1)

_Static_assert(sizeof(struct sockaddr_can) == 24, "as the kernel lays it out");

#define UNKNOWN_PROTOCOL "unsupported CAN protocol"

static int begin(const struct csi_encoding *in, struct sockaddr_can *can)
{
	int index = csi_interface_index(&in->values[0], in->sock);

	*can = (struct sockaddr_can){.family = AF_CAN, .interface = index};
	return index < 0 ? index : 0;
}

static int encode_interface(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_can can;
	int result = begin(in, &can);

	csi_sockaddr_write(addr, &can, sizeof can);
	return result;
}

static int encode_isotp(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_can can;
	int result = begin(in, &can);

	can.isotp.rx = (uint32_t)in->values[1].integer;
	can.isotp.tx = (uint32_t)in->values[2].integer;
	csi_sockaddr_write(addr, &can, sizeof can);
	return result;
}

static int encode_j1939(const struct csi_encoding *in, struct csock_addr *addr)
{
	struct sockaddr_can can;
	int result = begin(in, &can);

	can.j1939.name = (uint64_t)in->values[1].integer;
	can.j1939.pgn = (uint32_t)in->values[2].integer;
	can.j1939.addr = (uint8_t)in->values[3].integer;
	csi_sockaddr_write(addr, &can, sizeof can);
	return result;
}

static int decode_interface(const struct csock_addr *addr, struct csock_socket *sock,
			    struct csock_values *values)
{
	struct sockaddr_can can;

	csi_sockaddr_read(addr, &can, sizeof can);
	csi_values_add_interface(values, (unsigned int)can.interface, sock);
	return 0;
}

static int decode_isotp(const struct csock_addr *addr, struct csock_socket *sock,
			struct csock_values *values)
{
	struct sockaddr_can can;

	csi_sockaddr_read(addr, &can, sizeof can);
	csi_values_add_interface(values, (unsigned int)can.interface, sock);
	csi_values_add_integer(values, can.isotp.rx);
	csi_values_add_integer(values, can.isotp.tx);
	return 0;
}

static int decode_j1939(const struct csock_addr *addr, struct csock_socket *sock,
			struct csock_values *values)
{
	struct sockaddr_can can;

	csi_sockaddr_read(addr, &can, sizeof can);
	csi_values_add_interface(values, (unsigned int)can.interface, sock);
	csi_values_add_integer(values, (int64_t)can.j1939.name);
	csi_values_add_integer(values, can.j1939.pgn);
	csi_values_add_integer(values, can.j1939.addr);
	return 0;
}

#define INTERFACE_FIELD                                                                            \
	{                                                                                          \
		.name = "interface name", .kind = CSOCK_FIELD_NAME                                 \
	}

static const struct csock_field interface_fields[] = {
	INTERFACE_FIELD,
};

static const struct csock_field isotp_fields[] = {
	INTERFACE_FIELD,
	{.name = "rx_addr", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT32_MAX},
	{.name = "tx_addr", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT32_MAX},
};

static const struct csock_field j1939_fields[] = {
	INTERFACE_FIELD,
	{.name = "name", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT64_MAX},
	{.name = "pgn", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT32_MAX},
	{.name = "addr", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT8_MAX},
};

const struct csi_family csi_family_can_raw = {
	.row.name = "AF_CAN",
	.row.family = AF_CAN,
	.row.protocol = CAN_RAW,
	.row.form = "(interface, )",
	.row.unknown_protocol = UNKNOWN_PROTOCOL,
	.row.required = 1,
	.row.field_count = 1,
	.row.fields = interface_fields,
	.row.minimum_length = HEADER_LENGTH,
	.encode = encode_interface,
	.decode = decode_interface,
};

const struct csi_family csi_family_can_bcm = {
	.row.name = "AF_CAN",
	.row.family = AF_CAN,
	.row.protocol = CAN_BCM,
	.row.form = "(interface, )",
	.row.unknown_protocol = UNKNOWN_PROTOCOL,
	.row.required = 1,
	.row.field_count = 1,
	.row.fields = interface_fields,
	.row.minimum_length = HEADER_LENGTH,
	.encode = encode_interface,
	.decode = decode_interface,
};

const struct csi_family csi_family_can_isotp = {
	.row.name = "AF_CAN",
	.row.family = AF_CAN,
	.row.protocol = CAN_ISOTP,
	.row.form = "(interface, rx_addr, tx_addr)",
	.row.unknown_protocol = UNKNOWN_PROTOCOL,
	.row.required = 3,
	.row.field_count = 3,
	.row.fields = isotp_fields,
	.row.minimum_length = HEADER_LENGTH + 8,
	.encode = encode_isotp,
	.decode = decode_isotp,
};

const struct csi_family csi_family_can_j1939 = {
	.row.name = "AF_CAN",
	.row.family = AF_CAN,
	.row.protocol = CAN_J1939,
	.row.form = "(interface, name, pgn, addr)",
	.row.unknown_protocol = UNKNOWN_PROTOCOL,
	.row.required = 4,
	.row.field_count = 4,
	.row.fields = j1939_fields,
	.row.minimum_length = J1939_LENGTH,
	.encode = encode_j1939,
	.decode = decode_j1939,
};
