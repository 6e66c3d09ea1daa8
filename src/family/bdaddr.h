/*
 * What the rows of AF_BLUETOOTH share on all systems.
 */
#ifndef CSI_FAMILY_BDADDR_H
#define CSI_FAMILY_BDADDR_H

#include "family/family.h"

/* The address of a device, in reverse order: the last byte of the text comes first. */
struct csi_bdaddr {
	uint8_t byte[6];
};

/* All rows of the family begin like this. */
#define CSI_BLUETOOTH                                                                              \
	.row.name = "AF_BLUETOOTH", .row.family = AF_BLUETOOTH, .row.misfit_is_syntax = true,      \
	.row.bad_syntax = "bad bluetooth address",                                                 \
	.row.unknown_protocol = "unknown Bluetooth protocol"

/* Reads text such as "12:34:56:78:9A:BC", the first value of an address: 0, or a refusal. */
int csi_bdaddr_parse(const struct csock_value *text, struct csi_bdaddr *bdaddr);

/* Appends the text. */
void csi_values_add_bdaddr(struct csock_values *values, const struct csi_bdaddr *bdaddr);

#endif
