/*
 * The families of Windows.
 */
#include "family/family.h"

const struct csi_family *const csi_family_rows[] = {
	&csi_family_inet,   &csi_family_inet6,  &csi_family_unix,
	&csi_family_hyperv, &csi_family_rfcomm,
};

const size_t csi_family_row_count = sizeof csi_family_rows / sizeof *csi_family_rows;
