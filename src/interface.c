/*
 * Network interfaces by name and by index.
 */
#include "csocket/interface.h"

#include "failure.h"
#include "platform/platform.h"

int csock_if_nameindex(struct csock_interface **list)
{
	CSI_NEED(list);
	return csi_platform_interfaces(list);
}

int csock_if_nametoindex(const char *name)
{
	CSI_NEED(name);
	return csi_platform_interface_index(CSOCK_NO_HANDLE, name);
}

int csock_if_indextoname(unsigned int index, char name[CSOCK_INTERFACE_NAME_MAX])
{
	CSI_NEED(name);
	return csi_platform_interface_name(CSOCK_NO_HANDLE, index, name);
}
