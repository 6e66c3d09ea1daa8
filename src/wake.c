/*
 * Wake handles.
 */
#include "csocket/poll.h"

#include <assert.h>

#include "failure.h"
#include "platform/platform.h"

/* The struct has descriptors plus one, so that a struct of zeros is a closed handle. */

int csock_wake_open(struct csock_wake *wake)
{
	CSI_NEED(wake);
	csock_handle fds[2];

	if (wake->waits != 0)
		return csi_system(EBUSY);
	int result = csi_platform_wake_open(fds);
	if (result < 0)
		return result;
	*wake = (struct csock_wake){fds[0] + 1, fds[1] + 1};
	return 0;
}

int csock_wake_set(const struct csock_wake *wake)
{
	CSI_NEED(wake);
	int before = errno;
	int result = csi_platform_wake(wake->wakes - 1);

	/* A signal handler leaves errno as it was. */
	errno = before;
	return result;
}

int csock_wake_clear(const struct csock_wake *wake)
{
	CSI_NEED(wake);
	int before = errno;
	int result = csi_platform_wake_clear(wake->waits - 1);

	errno = before;
	return result;
}

csock_handle csock_wake_fd(const struct csock_wake *wake)
{
	assert(wake);
	return wake->waits - 1;
}

void csock_wake_close(struct csock_wake *wake)
{
	assert(wake);
	const csock_handle fds[2] = {wake->waits - 1, wake->wakes - 1};

	if (wake->waits != 0)
		csi_platform_wake_close(fds);
	*wake = (struct csock_wake)CSOCK_WAKE_INIT;
}
