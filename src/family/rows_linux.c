/*
 * The families of Linux. The most used come first, because the search starts at the top.
 */
#include "family/family.h"

const struct csi_family *const csi_family_rows[] = {
	&csi_family_inet,    &csi_family_inet6,     &csi_family_unix,      &csi_family_alg,
	&csi_family_can_bcm, &csi_family_can_isotp, &csi_family_can_j1939, &csi_family_can_raw,
	&csi_family_hci,     &csi_family_l2cap,     &csi_family_netlink,   &csi_family_packet,
	&csi_family_qipcrtr, &csi_family_rds,       &csi_family_rfcomm,    &csi_family_sco,
	&csi_family_tipc,    &csi_family_vsock,
};

const size_t csi_family_row_count = sizeof csi_family_rows / sizeof *csi_family_rows;
