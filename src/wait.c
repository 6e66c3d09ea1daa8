/*
 * The engine that waits.
 */
#include "wait.h"

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

/* Whether an attempt was in vain and there is time for another one; else *result is the last. */
static bool goes_on(ssize_t *result, int64_t deadline)
{
	if (*result >= 0 || !csock_status_would_wait((int)*result))
		return false;
	/* Not left to csi_wait: a descriptor that is ready, and still blocks, has no end. */
	if (deadline == CSOCK_NEVER || csi_platform_clock() < deadline)
		return true;
	*result = csock_status_make(CSOCK_TIMEOUT, 0);
	return false;
}

/* Waits for events before each attempt. */
static ssize_t wait_and_attempt(struct csock_socket *sock, int fd, short events, int64_t deadline,
				csi_attempt attempt, void *call)
{
	ssize_t result;

	do {
		result = csi_wait(fd, events, deadline);
		if (result < 0 || csi_is_closed(sock))
			return result;
		result = attempt(fd, MSG_DONTWAIT, call);
	} while (goes_on(&result, deadline));
	return result;
}

static ssize_t attempt_until(struct csock_socket *sock, int fd, short events, int64_t deadline,
			     csi_attempt attempt, void *call)
{
	bool has_missed = events == POLLIN && csi_has_missed(sock);
	ssize_t result;

	if (has_missed)
		csi_note_miss(sock);
	if (csi_kernel_waits(sock, deadline))
		return attempt(fd, 0, call);
	/* Where a call has just been in vain, the kernel is asked to wait first. */
	if (!has_missed) {
		result = attempt(fd, MSG_DONTWAIT, call);
		csi_note_attempt(sock, events, result);
		if (!goes_on(&result, deadline))
			return result;
	}
	return wait_and_attempt(sock, fd, events, deadline, attempt, call);
}

/* attempt_until or wait_and_attempt: both repeat a call until its deadline. */
typedef ssize_t (*perform_until)(struct csock_socket *sock, int fd, short events, int64_t deadline,
				 csi_attempt attempt, void *call);

/* Runs until() between entering the socket as a waiter and leaving it. */
CSI_INLINE ssize_t perform(struct csock_socket *sock, short events, int64_t deadline,
			   csi_attempt attempt, void *call, perform_until until)
{
	struct csock_waiter waiter;
	ssize_t result;
	int fd = csi_enter(sock);

	if (fd < 0)
		return fd;
	csi_waiter_add(sock, &waiter);
	/* Closed between entering and registering: nobody would wake this call. */
	if (csi_is_closed(sock))
		result = csi_system(EBADF);
	else
		result = until(sock, fd, events, deadline, attempt, call);
	csi_waiter_remove(sock, &waiter);
	if (result <= 0 && csi_is_closed(sock))
		result = csi_system(EBADF);
	csi_leave(sock);
	return result;
}

ssize_t csi_perform_waiting(struct csock_socket *sock, short events, int64_t deadline,
			    csi_attempt attempt, void *call)
{
	return perform(sock, events, deadline, attempt, call, attempt_until);
}

ssize_t csi_perform_when_ready(struct csock_socket *sock, short events, int64_t deadline,
			       csi_attempt attempt, void *call)
{
	ssize_t result = perform(sock, events, deadline, attempt, call, wait_and_attempt);

	if (deadline == CSOCK_NOW && csock_status_domain((int)result) == CSOCK_TIMEOUT)
		return csi_system(EAGAIN);
	return result;
}

bool csock_expects_to_wait(const struct csock_socket *sock)
{
	return csi_has_missed(sock) && CSI_LOAD(sock->misses) >= CSI_MISSES_BELIEVED;
}
