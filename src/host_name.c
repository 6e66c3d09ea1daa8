/*
 * This machine's own name.
 */
#include <unistd.h>

#include "csocket/resolver.h"
#include "failure.h"
#include "platform/platform.h"

int csock_gethostname(char name[CSOCK_HOST_NAME_MAX])
{
	CSI_NEED(name);
	if (gethostname(name, CSOCK_HOST_NAME_MAX - 1) < 0)
		return csi_failure();
	/* If the name was cut, POSIX does not guarantee a final zero. */
	name[CSOCK_HOST_NAME_MAX - 1] = '\0';
	return 0;
}

int csock_sethostname(const char *name, size_t length)
{
	CSI_NEED(name);
	return csi_platform_set_host_name(name, length);
}
