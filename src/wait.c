/*
 * The engine that waits.
 */
#include "wait.h"

#include <sys/socket.h>

#include "failure.h"
#include "inflight.h"
#include "platform/platform.h"

int csi_wait(int fd, short events, int64_t deadline)
{
	int64_t timeout = -1;

	/* A deadline that has passed still gets a look: what is ready is not late. */
	if (deadline != CSOCK_NEVER) {
		int64_t now = csi_platform_clock();
		timeout = deadline > now ? deadline - now : 0;
	}
	int ready = csi_platform_poll(fd, events, timeout);
	if (ready == 0)
		return csock_status_make(CSOCK_TIMEOUT, 0);
	return ready < 0 ? ready : 0;
}

static ssize_t attempt_until(struct csock_socket *sock, int fd, short events, int64_t deadline,
			     csi_attempt attempt, void *call)
{
	bool kernel_waits = csi_kernel_waits(sock, deadline);
	ssize_t result;

	for (;;) {
		result = attempt(fd, kernel_waits ? 0 : MSG_DONTWAIT, call);
		if (kernel_waits || result >= 0 || !csock_status_would_wait((int)result))
			return result;
		/* Not left to csi_wait: a descriptor that is ready, and still blocks, has no end.
		 */
		if (deadline != CSOCK_NEVER && csi_platform_clock() >= deadline)
			return csock_status_make(CSOCK_TIMEOUT, 0);
		result = csi_wait(fd, events, deadline);
		if (result < 0 || csi_is_closed(sock))
			return result;
	}
}

ssize_t csi_perform(struct csock_socket *sock, short events, int64_t deadline, csi_attempt attempt,
		    void *call)
{
	struct csock_waiter waiter;
	ssize_t result;
	int fd = csi_enter(sock);

	if (fd < 0)
		return fd;
	if (deadline == CSOCK_NOW) {
		result = attempt(fd, MSG_DONTWAIT, call);
	} else {
		csi_waiter_add(sock, &waiter);
		/* Closed between entering and registering: nobody would wake this call. */
		if (csi_is_closed(sock))
			result = csi_system(EBADF);
		else
			result = attempt_until(sock, fd, events, deadline, attempt, call);
		csi_waiter_remove(sock, &waiter);
		if (result <= 0 && csi_is_closed(sock))
			result = csi_system(EBADF);
	}
	csi_leave(sock);
	return result;
}
