/*
 * The engine of wait.h, for calls that wait.
 */
#include "wait.h"

#include "failure.h"
#include "inflight.h"
#include "platform/kernel_time.h"
#include "platform/platform.h"
#include "waiters.h"

/* A call that nothing can wake looks that often whether its socket was closed. */
#define SLICE_NS INT64_C(50000000)

#define PAUSE_FIRST_NS INT64_C(50000)
#define PAUSE_LAST_NS INT64_C(10000000)

/* Whether nothing can wake the waiter. */
static bool is_deaf(const struct csock_waiter *waiter)
{
	return waiter && waiter->is_listed && waiter->signal == 0 &&
	       waiter->wake_fd[0] == CSOCK_NO_HANDLE;
}

/* The rest of the time in ns; negative for CSOCK_NEVER. */
static int64_t time_left(int64_t deadline)
{
	if (deadline == CSOCK_NEVER)
		return -1;
	/* If the deadline has passed, poll once: the descriptor may be ready. */
	int64_t now = csi_platform_clock();
	return deadline > now ? deadline - now : 0;
}

int csi_wait_for_any(struct pollfd *entries, unsigned int count, const struct csock_waiter *waiter,
		     int64_t deadline)
{
	int64_t timeout = time_left(deadline);
	bool in_slices = is_deaf(waiter) && (timeout < 0 || timeout > SLICE_NS);
	int ready = csi_platform_poll(entries, count, in_slices ? SLICE_NS : timeout);

	if (ready == 0 && !in_slices)
		return csock_status_make(CSOCK_TIMEOUT, 0);
	return ready < 0 ? ready : 0;
}

int csi_wait(csock_handle fd, const struct csock_waiter *waiter, short events, int64_t deadline)
{
	struct pollfd entries[2] = {{.fd = fd, .events = events}, {.events = POLLIN}};
	unsigned int count = 1;

	if (waiter && waiter->is_listed && waiter->wake_fd[0] != CSOCK_NO_HANDLE)
		entries[count++].fd = waiter->wake_fd[0];
	return csi_wait_for_any(entries, count, waiter, deadline);
}

int csi_pause(int64_t *pause, const struct csock_waiter *waiter, int64_t deadline)
{
	int64_t now = csi_platform_clock();

	*pause = *pause == 0 ? PAUSE_FIRST_NS : *pause * 2;
	if (*pause > PAUSE_LAST_NS)
		*pause = PAUSE_LAST_NS;
	int result = csi_wait(CSOCK_NO_HANDLE, waiter, 0,
			      now + *pause < deadline ? now + *pause : deadline);
	return csock_status_domain(result) == CSOCK_TIMEOUT ? 0 : result;
}

int64_t csi_kernel_deadline(csock_handle fd, short events)
{
	return csock_deadline_after(csi_platform_kernel_limit(fd, (events & POLLOUT) != 0));
}

/*
 * Whether to wait and try again: the attempt would have blocked, and the deadline has not passed.
 * If it has passed, *result becomes CSOCK_TIMEOUT.
 */
static bool goes_on(ssize_t *result, int64_t deadline)
{
	if (*result >= 0 || !csock_status_would_wait(*result))
		return false;
	/* csi_wait does not end the loop if poll() reports ready, but each attempt would block. */
	if (deadline == CSOCK_NEVER || csi_platform_clock() < deadline)
		return true;
	*result = csock_status_make(CSOCK_TIMEOUT, 0);
	return false;
}

/* A call that is in progress, and its system call. */
struct performance {
	struct csi_visit visit;
	csock_handle fd;
	short events;
	int64_t deadline;
	csi_attempt attempt;
	void *call;
};

/* Sets all but the waiter and the descriptor, which perform() does: zeros would cost more. */
CSI_INLINE void describe(struct performance *p, struct csock_socket *sock, short events,
			 int64_t deadline, csi_attempt attempt, void *call)
{
	p->visit.sock = sock;
	p->events = events;
	p->deadline = deadline;
	p->attempt = attempt;
	p->call = call;
}

/*
 * After an attempt that would have blocked: if poll(2) still reports events, waiting for them would
 * be a busy loop.
 */
static int after_a_miss(const struct performance *p, int64_t *pause)
{
	int result = csi_wait(p->fd, NULL, p->events, CSOCK_NOW);

	if (csock_status_domain(result) != CSOCK_TIMEOUT)
		return result < 0 ? result : csi_pause(pause, &p->visit.waiter, p->deadline);
	*pause = 0;
	return 0;
}

/* Waits for events before each attempt. The waiter is armed. */
static ssize_t wait_and_attempt(struct performance *p)
{
	int64_t pause = 0;
	ssize_t result;

	do {
		result = csi_wait(p->fd, &p->visit.waiter, p->events, p->deadline);
		if (result < 0 || csi_is_closed(p->visit.sock))
			return result;
		result = csi_attempt_now(p->visit.sock, p->fd, p->attempt, p->call);
		if (!goes_on(&result, p->deadline))
			return result;
		result = after_a_miss(p, &pause);
	} while (result == 0);
	return result;
}

/* The same, with the time limit and the failure of a call that waits in the kernel. */
CSI_COLD static ssize_t wait_like_kernel(struct performance *p)
{
	p->deadline = csi_kernel_deadline(p->fd, p->events);
	ssize_t result = csi_attempt_now(p->visit.sock, p->fd, p->attempt, p->call);
	/* The kernel does not wait for its error queue. */
	if (p->events != POLLERR && goes_on(&result, p->deadline))
		result = wait_and_attempt(p);
	return csock_status_domain(result) == CSOCK_TIMEOUT ? csi_system(CSI_LIMIT_ERROR) : result;
}

/* Whether the call may wait in the kernel. The waiter is armed for what it does. */
CSI_INLINE bool arm_for_kernel(struct performance *p)
{
	if (!CSI_LIMIT_LOSES_DATA || csi_kernel_deadline(p->fd, p->events) == CSOCK_NEVER)
		return csi_waiter_arm(p->visit.sock, &p->visit.waiter);
	csi_waiter_arm_to_poll(p->visit.sock, &p->visit.waiter);
	return false;
}

/*
 * Lets the kernel do the waiting. Where tries change the mode of the socket, the call may meet the
 * mode of another thread's try, and is then repeated.
 */
CSI_INLINE ssize_t attempt_in_kernel(struct performance *p)
{
	int64_t pause = 0;
	ssize_t result;

	if (!CSI_TRIES_CHANGE_MODE)
		return p->attempt(p->fd, 0, p->call);
	do {
		result = p->attempt(p->fd, 0, p->call);
		if (csi_is_closed(p->visit.sock) || !csock_status_would_wait(result))
			return result;
		result = csi_pause(&pause, &p->visit.waiter, CSOCK_NEVER);
	} while (result == 0);
	return result;
}

static ssize_t attempt_until(struct performance *p)
{
	bool has_missed = p->events == POLLIN && csi_has_missed(p->visit.sock);
	ssize_t result;

	if (has_missed)
		csi_note_miss(p->visit.sock);
	if (csi_kernel_waits(p->visit.sock, p->deadline)) {
		bool in_kernel = arm_for_kernel(p);
		if (csi_is_closed(p->visit.sock))
			return csi_system(EBADF);
		return in_kernel ? attempt_in_kernel(p) : wait_like_kernel(p);
	}
	/* If the last call found nothing, this one probably would too: it waits first. */
	if (!has_missed) {
		result = csi_attempt_now(p->visit.sock, p->fd, p->attempt, p->call);
		csi_note_attempt(p->visit.sock, p->events, result);
		if (!goes_on(&result, p->deadline))
			return result;
	}
	csi_waiter_arm_to_poll(p->visit.sock, &p->visit.waiter);
	return csi_is_closed(p->visit.sock) ? csi_system(EBADF) : wait_and_attempt(p);
}

static ssize_t attempt_when_ready(struct performance *p)
{
	if (p->deadline != CSOCK_NOW)
		csi_waiter_arm_to_poll(p->visit.sock, &p->visit.waiter);
	return csi_is_closed(p->visit.sock) ? csi_system(EBADF) : wait_and_attempt(p);
}

/* Runs until() between entering the socket as a waiter and leaving it. */
CSI_INLINE ssize_t perform(struct performance *p, ssize_t (*until)(struct performance *p))
{
	ssize_t result = csi_enter(p->visit.sock, &p->fd);

	if (result < 0)
		return result;
	csi_waiter_add(p->visit.sock, &p->visit.waiter);
	CSI_CLEANUP_PUSH(csi_visit_end, &p->visit);
	/* Nobody wakes this call if the socket was closed before csi_waiter_add. */
	result = csi_is_closed(p->visit.sock) ? csi_system(EBADF) : until(p);
	if (result <= 0 && csi_is_closed(p->visit.sock))
		result = csi_system(EBADF);
	CSI_CLEANUP_POP(true);
	return result;
}

ssize_t csi_perform_waiting(struct csock_socket *sock, short events, int64_t deadline,
			    csi_attempt attempt, void *call)
{
	struct performance p;

	describe(&p, sock, events, deadline, attempt, call);
	return perform(&p, attempt_until);
}

ssize_t csi_perform_when_ready(struct csock_socket *sock, short events, int64_t deadline,
			       csi_attempt attempt, void *call)
{
	struct performance p;

	describe(&p, sock, events, deadline, attempt, call);
	ssize_t result = perform(&p, attempt_when_ready);
	if (deadline == CSOCK_NOW && csock_status_domain(result) == CSOCK_TIMEOUT)
		return csi_system(EAGAIN);
	return result;
}
