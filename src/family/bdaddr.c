/*
 * Addresses of Bluetooth devices as text.
 */
#include "family/bdaddr.h"

#include <stdio.h>

#include "csocket/status.h"
#include "family/hex.h"

#define TEXT_MAX sizeof "12:34:56:78:9A:BC"

/* Six numbers of one or two hexadecimal digits, with colons between them. */
int csi_bdaddr_parse(const struct csock_value *text, struct csi_bdaddr *bdaddr)
{
	/* Indexes, not pointers: data may be NULL for an empty text. */
	size_t at = 0, end = text->length;

	for (int i = 5; i >= 0; i--) {
		int value = at < end ? csi_hex_value(text->data[at++]) : -1;
		if (value >= 0 && at < end && csi_hex_value(text->data[at]) >= 0)
			value = value * 16 + csi_hex_value(text->data[at++]);
		bool ends_well = i > 0 ? at < end && text->data[at++] == ':' : at == end;
		if (value < 0 || !ends_well)
			return csock_status_refuse(CSOCK_REFUSED_SYNTAX, 0);
		bdaddr->byte[i] = (uint8_t)value;
	}
	return 0;
}

void csi_values_add_bdaddr(struct csock_values *values, const struct csi_bdaddr *bdaddr)
{
	const uint8_t *byte = bdaddr->byte;
	int length = snprintf(values->text, TEXT_MAX, "%02X:%02X:%02X:%02X:%02X:%02X", byte[5],
			      byte[4], byte[3], byte[2], byte[1], byte[0]);

	csi_values_add(values, CSOCK_VALUE_TEXT, values->text, (size_t)length);
}
