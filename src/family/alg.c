/*
 * AF_ALG: (type, name[, feat[, mask]]).
 */
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "csocket/status.h"
#include "family/family.h"

/* struct sockaddr_alg of linux/if_alg.h. Each text ends with a zero byte. */
struct sockaddr_alg {
	uint16_t family;
	char type[14];
	uint32_t feat;
	uint32_t mask;
	char name[64];
};

_Static_assert(sizeof(struct sockaddr_alg) == 88, "as the kernel lays it out");
_Static_assert(CSOCK_VALUE_TEXT_MAX > 14 + 64 + 1, "room for both texts and their final zeros");

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	const struct csock_value *type = &in->values[0], *name = &in->values[1];
	struct sockaddr_alg alg = {
		.family = AF_ALG,
		.feat = (uint32_t)(in->count > 2 ? in->values[2].integer : 0),
		.mask = (uint32_t)(in->count > 3 ? in->values[3].integer : 0),
	};

	if (type->length >= sizeof alg.type)
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 0);
	if (name->length >= sizeof alg.name)
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 1);
	if (type->length > 0)
		memcpy(alg.type, type->data, type->length);
	if (name->length > 0)
		memcpy(alg.name, name->data, name->length);
	csi_sockaddr_write(addr, &alg, sizeof alg);
	return 0;
}

/* Appends a text of at most size bytes, perhaps without a final zero. text has one byte more. */
static void add_text(struct csock_values *values, char *text, const char *room, size_t size)
{
	size_t length = strnlen(room, size);

	memcpy(text, room, length);
	text[length] = '\0';
	csi_values_add(values, CSOCK_VALUE_TEXT, text, length);
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	struct sockaddr_alg alg;

	(void)sock;
	csi_sockaddr_read(addr, &alg, sizeof alg);
	add_text(values, values->text, alg.type, sizeof alg.type);
	add_text(values, values->text + sizeof alg.type + 1, alg.name, sizeof alg.name);
	csi_values_add_integer(values, alg.feat);
	csi_values_add_integer(values, alg.mask);
	return 0;
}

static const struct csock_field fields[] = {
	{.name = "type", .kind = CSOCK_FIELD_TEXT},
	{.name = "name", .kind = CSOCK_FIELD_TEXT},
	{.name = "feat", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT32_MAX},
	{.name = "mask", .kind = CSOCK_FIELD_INTEGER, .maximum = UINT32_MAX},
};

const struct csi_family csi_family_alg = {
	.row.name = "AF_ALG",
	.row.family = AF_ALG,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "(type, name[, feat[, mask]])",
	.row.peers_have_no_address = true,
	.row.unbounded_calls = true,
	.row.takes_operations = true,
	.row.required = 2,
	.row.field_count = 4,
	.row.fields = fields,
	.row.minimum_length = offsetof(struct sockaddr_alg, name),
	.encode = encode,
	.decode = decode,
};
