/*
 * AF_PACKET: (interface, protocol[, packet type[, hardware type[, hardware address]]]).
 */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "csocket/status.h"
#include "family/family.h"

/* struct sockaddr_ll of linux/if_packet.h, with the longest address of linux/netdevice.h. */
struct sockaddr_packet {
	uint16_t family;
	uint16_t protocol; /* network byte order */
	int32_t interface;
	uint16_t hardware_type;
	uint8_t packet_type;
	uint8_t address_length;
	uint8_t address[32];
};

#define ADDRESS_OFFSET offsetof(struct sockaddr_packet, address)
/* The kernel requires at least its struct sockaddr_ll, which has eight bytes of address. */
#define LENGTH_MIN (ADDRESS_OFFSET + 8)

_Static_assert(ADDRESS_OFFSET == 12, "as the kernel lays it out");

enum {
	INTERFACE,
	PROTOCOL,
	PACKET_TYPE,
	HARDWARE_TYPE,
	ADDRESS,
	FIELD_COUNT
};

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	int index = csi_interface_index(&in->values[INTERFACE], in->sock);
	struct sockaddr_packet sll = {
		.family = AF_PACKET,
		.protocol = htons((uint16_t)in->values[PROTOCOL].integer),
		.interface = index,
	};

	if (index < 0)
		return index;
	if (in->count > PACKET_TYPE)
		sll.packet_type = (uint8_t)in->values[PACKET_TYPE].integer;
	if (in->count > HARDWARE_TYPE)
		sll.hardware_type = (uint16_t)in->values[HARDWARE_TYPE].integer;
	if (in->count > ADDRESS) {
		size_t length = in->values[ADDRESS].length;
		if (length > sizeof sll.address)
			return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, ADDRESS);
		if (length > 0)
			memcpy(sll.address, in->values[ADDRESS].data, length);
		sll.address_length = (uint8_t)length;
	}
	size_t used = ADDRESS_OFFSET + sll.address_length;
	csi_sockaddr_write(addr, &sll, used > LENGTH_MIN ? used : LENGTH_MIN);
	return 0;
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	size_t room = addr->length - ADDRESS_OFFSET;
	struct sockaddr_packet sll;

	csi_sockaddr_read(addr, &sll, sizeof sll);
	csi_values_add_interface(values, (unsigned int)sll.interface, sock);
	csi_values_add_integer(values, ntohs(sll.protocol));
	csi_values_add_integer(values, sll.packet_type);
	csi_values_add_integer(values, sll.hardware_type);
	csi_values_add(values, CSOCK_VALUE_BYTES, addr->raw.bytes + ADDRESS_OFFSET,
		       sll.address_length < room ? sll.address_length : room);
	return 0;
}

static const struct csock_field fields[FIELD_COUNT] = {
	[INTERFACE] = {.name = "interface name", .kind = CSOCK_FIELD_NAME},
	[PROTOCOL] = {.name = "proto", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
	[PACKET_TYPE] = {.name = "pkttype", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT8_MAX},
	[HARDWARE_TYPE] = {.name = "hatype", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT16_MAX},
	[ADDRESS] = {.name = "addr", .kind = CSOCK_FIELD_BYTES},
};

const struct csi_family csi_family_packet = {
	.row.name = "AF_PACKET",
	.row.family = AF_PACKET,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(ifname, proto[, pkttype[, hatype[, addr]]])",
	.row.required = 2,
	.row.field_count = FIELD_COUNT,
	.row.fields = fields,
	.row.minimum_length = ADDRESS_OFFSET,
	.encode = encode,
	.decode = decode,
};
