/*
 * The family table. src/meson.build chooses the file with the rows of the system.
 */
#include "family/family.h"

const struct csock_family *csock_family_at(size_t index)
{
	return index < csi_family_row_count ? &csi_family_rows[index]->row : NULL;
}

const struct csock_family *csock_family_find(int family, int protocol)
{
	for (size_t i = 0; i < csi_family_row_count; i++) {
		const struct csock_family *row = &csi_family_rows[i]->row;
		if (row->family == family &&
		    (row->protocol == CSOCK_ANY_PROTOCOL || row->protocol == protocol))
			return row;
	}
	return NULL;
}

const char *csock_family_missing_text(int family)
{
	for (size_t i = 0; i < csi_family_row_count; i++) {
		const struct csock_family *row = &csi_family_rows[i]->row;
		if (row->family == family && row->unknown_protocol)
			return row->unknown_protocol;
	}
	return "bad family";
}
