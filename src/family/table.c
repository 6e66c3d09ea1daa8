/*
 * The family table: every family that this build knows, a row each.
 */
#include "family/family.h"

static const struct csock_family *const rows[] = {
	&csi_family_inet,
	&csi_family_inet6,
	&csi_family_unix,
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
