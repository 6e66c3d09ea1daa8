/*
 * Deadlines on the platform's monotonic clock.
 */
#include "csocket/deadline.h"

#include "platform/platform.h"

int64_t csock_clock(void)
{
	return csi_platform_clock();
}

int64_t csock_deadline_after(int64_t nanoseconds)
{
	int64_t deadline;

	if (nanoseconds < 0)
		return CSOCK_NEVER;
	if (nanoseconds == 0)
		return CSOCK_NOW;
	if (__builtin_add_overflow(csi_platform_clock(), nanoseconds, &deadline) ||
	    deadline == CSOCK_NEVER)
		return CSOCK_NEVER - 1;
	return deadline;
}
