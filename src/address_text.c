/*
 * Addresses as text.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "csocket/address.h"
#include "csocket/status.h"
#include "family/family.h"
#include "platform/names.h"

/* Text that is written into a buffer, and cut at the end of the buffer. */
struct writer {
	char *buffer;
	size_t size;
	size_t used;
};

static void put(struct writer *writer, char c)
{
	if (writer->used + 1 < writer->size)
		writer->buffer[writer->used++] = c;
}

static void put_text(struct writer *writer, const char *text)
{
	while (*text)
		put(writer, *text++);
}

/* Writes a byte. The quote, backslashes and all but printable ASCII become \xNN. */
static void put_escaped(struct writer *writer, char byte, char quote)
{
	char escape[5];
	unsigned char c = (unsigned char)byte;

	if (c >= ' ' && c < 0x7f && byte != quote && byte != '\\') {
		put(writer, byte);
		return;
	}
	snprintf(escape, sizeof escape, "\\x%02x", c);
	put_text(writer, escape);
}

/* Writes text in single quotes. */
static void put_quoted(struct writer *writer, const char *data, size_t length)
{
	put(writer, '\'');
	for (size_t i = 0; i < length; i++)
		put_escaped(writer, data[i], '\'');
	put(writer, '\'');
}

static void put_value(struct writer *writer, const struct csock_field *field,
		      const struct csock_value *value)
{
	char number[24];

	switch (value->kind) {
	case CSOCK_VALUE_NONE:
		put_text(writer, "None");
		break;
	case CSOCK_VALUE_INTEGER:
		snprintf(number, sizeof number, field->maximum > INT64_MAX ? "%llu" : "%lld",
			 (long long)value->integer);
		put_text(writer, number);
		break;
	case CSOCK_VALUE_BYTES:
		put(writer, 'b');
		put_quoted(writer, value->data, value->length);
		break;
	case CSOCK_VALUE_TEXT:
		put_quoted(writer, value->data, value->length);
		break;
	}
}

static void put_values(struct writer *writer, const struct csock_family *family,
		       const struct csock_values *values)
{
	bool alone = csock_family_stands_alone(family, values->count);

	if (!alone)
		put(writer, '(');
	for (size_t i = 0; i < values->count; i++) {
		if (i > 0)
			put_text(writer, ", ");
		put_value(writer, &family->fields[i], &values->item[i]);
	}
	if (!alone)
		put_text(writer, values->count == 1 ? ",)" : ")");
}

const char *csock_addr_format(const struct csock_addr *addr, struct csock_socket *sock,
			      char *buffer, size_t size)
{
	assert(addr);
	struct writer writer = {buffer, size, 0};
	struct csock_values values;

	if (size == 0)
		return buffer;
	if (csock_addr_decode(addr, sock, &values) < 0) {
		snprintf(buffer, size, addr->length ? "(family %d)" : "None",
			 csock_addr_family(addr));
		return buffer;
	}
	put_values(&writer, csock_addr_form(addr, sock), &values);
	buffer[writer.used] = '\0';
	return buffer;
}

/* Writes the path or the abstract name of an AF_UNIX address. */
static void put_path(struct writer *writer, const struct csock_value *path)
{
	bool is_abstract = path->kind == CSOCK_VALUE_BYTES;

	if (path->length == 0)
		put_text(writer, "(unnamed)");
	for (size_t i = 0; i < path->length; i++) {
		if (is_abstract && path->data[i] == '\0')
			put(writer, '@');
		else
			put_escaped(writer, path->data[i], '\0');
	}
}

static const char *put_unix(const struct csock_addr *addr, struct csock_socket *sock,
			    struct writer *writer)
{
	struct csock_values values;

	if (csock_addr_decode(addr, sock, &values) < 0)
		return csock_addr_format(addr, sock, writer->buffer, writer->size);
	put_path(writer, &values.item[0]);
	writer->buffer[writer->used] = '\0';
	return writer->buffer;
}

const char *csock_addr_text(const struct csock_addr *addr, struct csock_socket *sock, char *buffer,
			    size_t size)
{
	assert(addr);
	struct writer writer = {buffer, size, 0};
	int family = csock_addr_family(addr);
	char host[CSOCK_ADDRESS_HOST_MAX];

	if (size == 0)
		return buffer;
	if (family == AF_UNIX)
		return put_unix(addr, sock, &writer);
	if (csock_addr_host(addr, sock, host) == 0)
		snprintf(buffer, size, family == AF_INET6 ? "[%s]:%d" : "%s:%d", host,
			 csock_addr_port(addr));
	else if (addr->length == 0)
		snprintf(buffer, size, "(none)");
	else
		csock_addr_format(addr, sock, buffer, size);
	return buffer;
}
