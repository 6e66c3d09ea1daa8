/*
 * The rows of the family table, and what they share.
 */
#ifndef CSI_FAMILY_H
#define CSI_FAMILY_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "csocket/address.h"

extern const struct csock_family csi_family_inet;
extern const struct csock_family csi_family_inet6;
extern const struct csock_family csi_family_unix;

/* Fills in the next value of a decoded address. */
void csi_values_add_integer(struct csock_values *values, int64_t integer);
void csi_values_add(struct csock_values *values, enum csock_value_kind kind, const void *data,
		    size_t length);

/* The address of a host, from a checked value of CSOCK_FIELD_HOST. */
int csi_host_address(const struct csock_value *host, int family, int64_t deadline,
		     struct csock_addr *addr);

#endif
