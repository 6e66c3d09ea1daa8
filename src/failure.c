/*
 * Failures of the system, and NULL.
 */
#include "failure.h"

bool csi_has_null(const void *const *pointers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!pointers[i])
			return true;
	return false;
}

int csi_failure(void)
{
	int code = csi_platform_last_error();

	if (code == csi_platform_code(EINTR))
		return csock_status_make(CSOCK_INTERRUPTED, 0);
	return csock_status_make(CSOCK_SYSTEM, code);
}
