/*
 * Failures from errno.
 */
#include "failure.h"

int csi_failure(void)
{
	if (errno == EINTR)
		return csock_status_make(CSOCK_INTERRUPTED, 0);
	return csock_status_make(CSOCK_SYSTEM, errno);
}
