/*
 * The engine of wait.h, for calls that wait.
 */
#include "wait.h"

#include "failure.h"
#include "inflight.h"
#include "platform/platform.h"

int csi_wait(int fd, short events, int64_t deadline)
{
	int64_t timeout = -1;

	/* If the deadline has passed, poll once: the descriptor may be ready. */
	if (deadline != CSOCK_NEVER) {
		int64_t now = csi_platform_clock();
		timeout = deadline > now ? deadline - now : 0;
	}
	int ready = csi_platform_poll(fd, events, timeout);
	if (ready == 0)
		return csock_status_make(CSOCK_TIMEOUT, 0);
	return ready < 0 ? ready : 0;
}

/*
 * Whether to wait and try again: the attempt would have blocked, and the deadline has not passed.
 * If it has passed, *result becomes CSOCK_TIMEOUT.
 */
static bool goes_on(ssize_t *result, int64_t deadline)
{
	if (*result >= 0 || !csock_status_would_wait((int)*result))
		return false;
	/* csi_wait does not end the loop if poll() reports ready, but each attempt would block. */
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
	/* If the last call found nothing, this one probably would too: it waits first. */
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
	/* Nobody wakes this call if the socket was closed before csi_waiter_add. */
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
