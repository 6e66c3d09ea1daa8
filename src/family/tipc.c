/*
 * AF_TIPC: (addr_type, v1, v2, v3[, scope]).
 *
 * A service range is (TIPC_ADDR_NAMESEQ, type, lower, upper), a service address
 * (TIPC_ADDR_NAME, type, instance, 0), and a socket itself (TIPC_ADDR_ID, node, reference, 0).
 */
#include <sys/socket.h>

#include "csocket/status.h"
#include "family/family.h"

/* Address types and the usual scope, of linux/tipc.h. */
enum {
	TIPC_ADDR_NAMESEQ = 1,
	TIPC_ADDR_NAME = 2,
	TIPC_ADDR_ID = 3
};
enum {
	TIPC_CLUSTER_SCOPE = 2
};

/*
 * struct sockaddr_tipc of linux/tipc.h. The words are
 * - for a service range: type, lower, upper;
 * - for a service address: type, instance, lookup domain;
 * - for a socket: reference, node.
 */
struct sockaddr_tipc {
	uint16_t family;
	uint8_t type;
	int8_t scope;
	uint32_t word[3];
};

_Static_assert(sizeof(struct sockaddr_tipc) == 16, "as the kernel lays it out");

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	int64_t type = in->values[0].integer;
	uint32_t v1 = (uint32_t)in->values[1].integer;
	uint32_t v2 = (uint32_t)in->values[2].integer;
	struct sockaddr_tipc tipc = {
		.family = AF_TIPC,
		.type = (uint8_t)type,
		.scope = (int8_t)(in->count > 4 ? in->values[4].integer : TIPC_CLUSTER_SCOPE),
		.word = {v1, v2},
	};

	switch (type) {
	case TIPC_ADDR_NAMESEQ:
		tipc.word[2] = (uint32_t)in->values[3].integer;
		break;
	case TIPC_ADDR_NAME:
		/* The lookup domain stays 0: look the service up everywhere. */
		break;
	case TIPC_ADDR_ID:
		tipc.word[0] = v2;
		tipc.word[1] = v1;
		break;
	default:
		return csock_status_refuse(CSOCK_REFUSED_UNKNOWN, 0);
	}
	csi_sockaddr_write(addr, &tipc, sizeof tipc);
	return 0;
}

static void add_words(struct csock_values *values, uint32_t v1, uint32_t v2, uint32_t v3)
{
	csi_values_add_integer(values, v1);
	csi_values_add_integer(values, v2);
	csi_values_add_integer(values, v3);
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_tipc tipc;
	const uint32_t *word = tipc.word;

	(void)sock;
	csi_sockaddr_read(addr, &tipc, sizeof tipc);
	csi_values_add_integer(values, tipc.type);
	switch (tipc.type) {
	case TIPC_ADDR_NAMESEQ:
		add_words(values, word[0], word[1], word[2]);
		break;
	case TIPC_ADDR_NAME:
		/* Written like the range of one instance. */
		add_words(values, word[0], word[1], word[1]);
		break;
	case TIPC_ADDR_ID:
		add_words(values, word[1], word[0], 0);
		break;
	default:
		return csock_status_refuse(CSOCK_REFUSED_UNKNOWN, 0);
	}
	csi_values_add_integer(values, tipc.scope);
	return 0;
}

static const struct csock_field fields[] = {
	{.name = "addr_type",
	 .kind = CSOCK_FIELD_INTEGER,
	 .minimum = INT64_MIN,
	 .maximum = INT64_MAX},
	CSI_WRAPPING_FIELD("v1"),
	CSI_WRAPPING_FIELD("v2"),
	CSI_WRAPPING_FIELD("v3"),
	{.name = "scope", .kind = CSOCK_FIELD_INTEGER, .minimum = INT8_MIN, .maximum = INT8_MAX},
};

const struct csi_family csi_family_tipc = {
	.row.name = "AF_TIPC",
	.row.family = AF_TIPC,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(addr_type, v1, v2, v3[, scope])",
	.row.required = 4,
	.row.field_count = 5,
	.row.fields = fields,
	.row.minimum_length = sizeof(struct sockaddr_tipc),
	.encode = encode,
	.decode = decode,
};
