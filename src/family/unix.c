/*
 * AF_UNIX: a path, or on Linux a name of the abstract namespace, which begins with a zero byte.
 */
#include <stddef.h>
#include <string.h>

#include "csocket/status.h"
#include "family/family.h"
#include "platform/names.h"

#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)
#define PATH_ROOM sizeof(((struct sockaddr_un *)NULL)->sun_path)

_Static_assert(CSOCK_VALUE_TEXT_MAX > PATH_ROOM, "room for any path and a final zero");

static int encode(const struct csi_encoding *in, struct csock_addr *addr)
{
	const struct csock_value *name = &in->values[0];
	struct sockaddr_un sun = {.sun_family = AF_UNIX};
	bool is_abstract = name->length > 0 && name->data[0] == '\0';

	/* An abstract name may fill sun_path; a path needs room for its final zero. */
	if (name->length > (is_abstract ? PATH_ROOM : PATH_ROOM - 1))
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 0);
	if (!is_abstract && name->length > 0 && memchr(name->data, '\0', name->length))
		return csock_status_refuse(CSOCK_REFUSED_NUL, 0);
	if (name->length > 0)
		memcpy(sun.sun_path, name->data, name->length);
	memcpy(&addr->raw, &sun, sizeof sun);
	addr->length = (uint32_t)(PATH_OFFSET + name->length);
	return 0;
}

/* Appends a path. One that fills sun_path has no final zero. */
static void add_path(struct csock_values *values, const char *path, size_t room)
{
	size_t length = strnlen(path, room < PATH_ROOM ? room : PATH_ROOM);

	memcpy(values->text, path, length);
	values->text[length] = '\0';
	csi_values_add(values, CSOCK_VALUE_TEXT, values->text, length);
}

static int decode(const struct csock_addr *addr, struct csock_socket *sock,
		  struct csock_values *values)
{
	const char *name = (const char *)addr->raw.bytes + PATH_OFFSET;
	size_t length = addr->length - PATH_OFFSET;

	(void)sock;
	if (length > 0 && name[0] == '\0')
		csi_values_add(values, CSOCK_VALUE_BYTES, name, length);
	else
		add_path(values, name, length);
	return 0;
}

static const struct csock_field fields[] = {
	{.name = "path", .kind = CSOCK_FIELD_PATH},
};

const struct csi_family csi_family_unix = {
	.row.name = "AF_UNIX",
	.row.family = AF_UNIX,
	.row.protocol = CSOCK_ANY_PROTOCOL,
	.row.form = "path",
	.row.shape = CSOCK_SHAPE_SCALAR,
	.row.opens_and_closes_at_once = true,
	.row.required = 1,
	.row.field_count = 1,
	.row.fields = fields,
	.row.minimum_length = PATH_OFFSET,
	.encode = encode,
	.decode = decode,
};
