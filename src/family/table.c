/*
 * The family table: every family that this build knows, a row each. The busiest come first, for
 * the search goes from the top.
 */
#include "family/family.h"

static const struct csock_family *const rows[] = {
	&csi_family_inet,    &csi_family_inet6,     &csi_family_unix,      &csi_family_alg,
	&csi_family_can_bcm, &csi_family_can_isotp, &csi_family_can_j1939, &csi_family_can_raw,
	&csi_family_hci,     &csi_family_l2cap,     &csi_family_netlink,   &csi_family_packet,
	&csi_family_qipcrtr, &csi_family_rds,       &csi_family_rfcomm,    &csi_family_sco,
	&csi_family_tipc,    &csi_family_vsock,
};

const struct csock_family *const *csock_family_table(size_t *count)
{
	*count = sizeof rows / sizeof *rows;
	return rows;
}

const struct csock_family *csock_family_find(int family, int protocol)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i]->family == family &&
		    (rows[i]->protocol == CSOCK_ANY_PROTOCOL || rows[i]->protocol == protocol))
			return rows[i];
	return NULL;
}
