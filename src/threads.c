/*
 * Threads of the process.
 */
#include "csocket/threads.h"

#include "platform/platform.h"

bool csock_is_single_threaded(void)
{
	return csi_platform_is_single_threaded();
}
