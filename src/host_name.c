/*
 * This machine's own name.
 */
#include "csocket/resolver.h"
#include "failure.h"
#include "platform/platform.h"

int csock_gethostname(char name[CSOCK_HOST_NAME_MAX])
{
	CSI_NEED(name);
	return csi_platform_host_name(name, CSOCK_HOST_NAME_MAX);
}

int csock_sethostname(const char *name, size_t length)
{
	CSI_NEED(name);
	return csi_platform_set_host_name(name, length);
}
