/*
 * Addresses: the code for all families.
 */
#include "csocket/address.h"

#include <assert.h>
#include <string.h>

#include "csocket/resolver.h"
#include "csocket/socket.h"
#include "csocket/status.h"
#include "failure.h"
#include "family/family.h"
#include "platform/names.h"
#include "shared.h"

_Static_assert(CSOCK_ADDRESS_MAX >= sizeof(struct sockaddr_storage), "room for any address");
_Static_assert(CSOCK_ADDRESS_HEADER == offsetof(struct sockaddr, sa_data), "where the data is");

int csock_addr_family(const struct csock_addr *addr)
{
	assert(addr);
	sa_family_t family;

	if (addr->length < sizeof family)
		return AF_UNSPEC;
	memcpy(&family, &((const struct sockaddr *)&addr->raw)->sa_family, sizeof family);
	return family;
}

bool csock_addr_equal(const struct csock_addr *a, const struct csock_addr *b)
{
	assert(a && b);
	return a->length == b->length && memcmp(a->raw.bytes, b->raw.bytes, a->length) == 0;
}

void csi_values_add(struct csock_values *values, enum csock_value_kind kind, const void *data,
		    size_t length)
{
	values->item[values->count++] =
		(struct csock_value){.kind = kind, .data = data, .length = length};
}

void csi_values_add_integer(struct csock_values *values, int64_t integer)
{
	values->item[values->count++] =
		(struct csock_value){.kind = CSOCK_VALUE_INTEGER, .integer = integer};
}

void csi_sockaddr_read(const struct csock_addr *addr, void *sockaddr, size_t size)
{
	size_t there = addr->length < size ? addr->length : size;

	memset(sockaddr, 0, size);
	memcpy(sockaddr, addr->raw.bytes, there);
}

void csi_sockaddr_write(struct csock_addr *addr, const void *sockaddr, size_t size)
{
	memcpy(addr->raw.bytes, sockaddr, size);
	addr->length = (uint32_t)size;
}

int csi_host_address(const struct csock_value *host, int family, int64_t deadline,
		     struct csock_addr *addr)
{
	char name[CSOCK_HOST_NAME_MAX];
	size_t length = host->kind == CSOCK_VALUE_NONE ? 0 : host->length;

	/* No database has a name that long. */
	if (length >= sizeof name)
		return csock_status_make(CSOCK_RESOLVER, EAI_NONAME);
	if (length > 0)
		memcpy(name, host->data, length);
	name[length] = '\0';
	return csock_resolve_host(name, family, deadline, addr);
}

static bool is_text(const struct csock_value *value)
{
	return value->kind == CSOCK_VALUE_TEXT || value->kind == CSOCK_VALUE_BYTES;
}

static int check_integer(const struct csock_field *field, int64_t integer)
{
	bool fits = field->maximum > INT64_MAX
			    ? (uint64_t)integer <= field->maximum
			    : integer >= field->minimum && integer <= (int64_t)field->maximum;

	return fits ? 0 : CSOCK_REFUSED_RANGE;
}

/* A zero byte would end the name early. The families check paths themselves. */
static int check_name(const struct csock_value *value)
{
	return value->length > 0 && memchr(value->data, '\0', value->length) ? CSOCK_REFUSED_NUL
									     : 0;
}

/* Checks a value against its field: 0, or an enum csock_refusal. */
static int check_value(const struct csock_field *field, const struct csock_value *value)
{
	switch (field->kind) {
	case CSOCK_FIELD_INTEGER:
		if (value->kind != CSOCK_VALUE_INTEGER)
			return CSOCK_REFUSED_KIND;
		return check_integer(field, value->integer);
	case CSOCK_FIELD_HOST:
		if (value->kind == CSOCK_VALUE_NONE)
			return 0;
		return is_text(value) ? check_name(value) : CSOCK_REFUSED_KIND;
	case CSOCK_FIELD_TEXT:
	case CSOCK_FIELD_UUID:
		return value->kind == CSOCK_VALUE_TEXT ? check_name(value) : CSOCK_REFUSED_KIND;
	case CSOCK_FIELD_NAME:
		return is_text(value) ? check_name(value) : CSOCK_REFUSED_KIND;
	case CSOCK_FIELD_PATH:
		return is_text(value) ? 0 : CSOCK_REFUSED_KIND;
	case CSOCK_FIELD_BYTES:
		return value->kind == CSOCK_VALUE_BYTES ? 0 : CSOCK_REFUSED_KIND;
	}
	return CSOCK_REFUSED_KIND;
}

int csock_addr_encode(const struct csock_family *family, const struct csock_value *values,
		      size_t count, struct csock_socket *sock, int64_t deadline,
		      struct csock_addr *addr)
{
	CSI_NEED(addr);
	struct csi_encoding in = {values, count, sock, deadline};
	struct csock_addr encoded;

	if (!family)
		return csock_status_refuse(CSOCK_REFUSED_FAMILY, 0);
	if (count < family->required || count > family->field_count)
		return csock_status_refuse(CSOCK_REFUSED_COUNT, 0);
	for (size_t i = 0; i < count; i++) {
		int refusal = check_value(&family->fields[i], &values[i]);
		if (refusal)
			return csock_status_refuse((enum csock_refusal)refusal, (unsigned int)i);
	}
	int result = csi_family_of_row(family)->encode(&in, &encoded);
	if (result == 0)
		*addr = encoded;
	return result;
}

const struct csock_family *csock_addr_form(const struct csock_addr *addr,
					   const struct csock_socket *sock)
{
	assert(addr);
	return csock_family_find(csock_addr_family(addr),
				 sock ? CSI_LOAD(sock->protocol) : CSOCK_ANY_PROTOCOL);
}

int csock_addr_decode(const struct csock_addr *addr, struct csock_socket *sock,
		      struct csock_values *values)
{
	CSI_NEED(addr, values);
	const struct csock_family *family = csock_addr_form(addr, sock);

	if (!family)
		return csock_status_refuse(CSOCK_REFUSED_FAMILY, 0);
	if (addr->length < family->minimum_length || addr->length > sizeof addr->raw)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	values->count = 0;
	int result = csi_family_of_row(family)->decode(addr, sock, values);
	return result < 0 ? result : (int)values->count;
}

bool csock_family_stands_alone(const struct csock_family *family, size_t count)
{
	assert(family);
	return family->shape == CSOCK_SHAPE_SCALAR ||
	       (family->shape == CSOCK_SHAPE_EITHER && count == 1);
}
