/*
 * Network interfaces by name and by index.
 */
#include "csocket/interface.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"

_Static_assert(CSOCK_INTERFACE_NAME_MAX == IF_NAMESIZE, "room for any interface name");

static int copy_list(const struct if_nameindex *from, struct csock_interface **list)
{
	int count = 0;

	while (from[count].if_index != 0)
		count++;
	/* One element more, because calloc() may return NULL for 0 bytes. */
	struct csock_interface *copy = calloc((size_t)count + 1, sizeof *copy);
	if (!copy)
		return csi_system(ENOMEM);
	for (int i = 0; i < count; i++) {
		copy[i].index = from[i].if_index;
		strncpy(copy[i].name, from[i].if_name, sizeof copy[i].name - 1);
	}
	*list = copy;
	return count;
}

int csock_if_nameindex(struct csock_interface **list)
{
	CSI_NEED(list);
	struct if_nameindex *found = if_nameindex();

	if (!found)
		return csi_failure();
	int result = copy_list(found, list);
	if_freenameindex(found);
	return result;
}

int csock_if_nametoindex(const char *name)
{
	CSI_NEED(name);
	unsigned int index = if_nametoindex(name);

	return index > 0 ? (int)index : csi_failure();
}

int csock_if_indextoname(unsigned int index, char name[CSOCK_INTERFACE_NAME_MAX])
{
	CSI_NEED(name);
	return if_indextoname(index, name) ? 0 : csi_failure();
}
