/*
 * Waiting until one of several sockets is ready.
 */
#include "csocket/poll.h"

#include <limits.h>
#include <stdlib.h>

#include "failure.h"
#include "inflight.h"
#include "platform/names.h"
#include "platform/platform.h"
#include "wait.h"
#include "waiters.h"

/* So many entries are on the stack. */
#define FEW 32

_Static_assert(sizeof(struct csock_waiter) <= sizeof((struct csock_poll_item *)0)->reserved,
	       "an item has room for its waiter");

/* A call: its items, each with its entry for poll(2), and one entry for the waiters. */
struct polling {
	struct csock_poll_item *items;
	size_t count;
	struct pollfd *entries;
	struct pollfd few[FEW + 1];
	struct csock_waiter waiter; /* in no list; what wakes it wakes the items' waiters */
	size_t entered;             /* the number of items that have been entered */
};

static struct csock_waiter *waiter_of(struct csock_poll_item *item)
{
	return (struct csock_waiter *)(void *)item->reserved;
}

/* Enters the item's socket, as a waiter. */
static void enter(struct csock_poll_item *item, struct pollfd *entry)
{
	*entry = (struct pollfd){.fd = CSOCK_NO_HANDLE, .events = item->events};
	item->ready = 0;
	if (item->sock) {
		if (csi_enter(item->sock, &entry->fd) == 0)
			csi_waiter_add(item->sock, waiter_of(item));
	} else if (item->wake) {
		entry->fd = csock_wake_fd(item->wake);
		entry->events = POLLIN;
	}
	if (entry->fd == CSOCK_NO_HANDLE && (item->sock || item->wake))
		item->ready = POLLNVAL;
}

/* Whether the item has a waiter. */
static bool waits(const struct csock_poll_item *item, const struct pollfd *entry)
{
	return item->sock && entry->fd != CSOCK_NO_HANDLE;
}

static void enter_all(struct polling *p)
{
	for (; p->entered < p->count; p->entered++)
		enter(&p->items[p->entered], &p->entries[p->entered]);
}

/* Also runs if the thread is cancelled. Waiters leave before the descriptor that wakes them. */
static void leave_all(void *arg)
{
	struct polling *p = arg;

	for (size_t i = 0; i < p->entered; i++) {
		struct csock_poll_item *item = &p->items[i];
		if (!waits(item, &p->entries[i]))
			continue;
		csi_waiter_remove(item->sock, waiter_of(item));
		csi_leave(item->sock);
	}
	csi_waiter_disarm(&p->waiter);
	if (p->entries != p->few)
		free(p->entries);
}

/* Arms one waiter, and shares what can wake it with the others. */
static void arm_all(struct polling *p)
{
	csi_waiter_arm_to_poll(NULL, &p->waiter);
	for (size_t i = 0; i < p->count; i++)
		if (waits(&p->items[i], &p->entries[i]))
			csi_waiter_share(waiter_of(&p->items[i]), &p->waiter);
	if (p->waiter.is_listed)
		p->entries[p->count] =
			(struct pollfd){.fd = p->waiter.wake_fd[0], .events = POLLIN};
}

/* Notes what poll() told, and which sockets are closed: the number of items that are ready. */
static int take_results(struct polling *p)
{
	int count = 0;

	for (size_t i = 0; i < p->count; i++) {
		struct csock_poll_item *item = &p->items[i];
		if (p->entries[i].fd != CSOCK_NO_HANDLE)
			item->ready = p->entries[i].revents;
		if (waits(item, &p->entries[i]) && csi_is_closed(item->sock))
			item->ready = POLLNVAL;
		count += item->ready != 0;
	}
	return count;
}

static int poll_until(struct polling *p, int64_t deadline)
{
	int result, count;

	enter_all(p);
	if (deadline != CSOCK_NOW)
		arm_all(p);
	/* Nobody wakes this call if a socket was closed before it was armed. */
	if (take_results(p) > 0)
		deadline = CSOCK_NOW;
	do {
		result = csi_wait_for_any(p->entries, (unsigned int)p->count + 1, &p->waiter,
					  deadline);
		count = take_results(p);
	} while (result == 0 && count == 0);
	return count > 0 ? count : result;
}

/* For debug builds: 0, or a refusal. */
CSI_COLD static int check(const struct csock_poll_item *items, size_t count)
{
	int result = 0;

	if (count > 0)
		CSI_NEED(items);
	for (size_t i = 0; i < count && result == 0; i++)
		if (items[i].sock)
			result = csi_check_place(items[i].sock);
	return result;
}

int csock_poll(struct csock_poll_item *items, size_t count, int64_t deadline)
{
	struct polling p;
	int result;

	if (count > INT_MAX / 2)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	result = CSI_DEBUG ? check(items, count) : 0;
	if (result < 0)
		return result;
	p.items = items;
	p.count = count;
	p.entered = 0;
	p.entries = count <= FEW ? p.few : calloc(count + 1, sizeof *p.entries);
	if (!p.entries)
		return csi_system(ENOMEM);
	p.entries[count] = (struct pollfd){.fd = CSOCK_NO_HANDLE};
	csi_waiter_begin(&p.waiter);
	CSI_CLEANUP_PUSH(leave_all, &p);
	result = poll_until(&p, deadline);
	CSI_CLEANUP_POP(true);
	return result;
}

/* The events of an item, as the result of a call for it alone. */
static int events_of(const struct csock_poll_item *item)
{
	return item->ready & POLLNVAL ? csi_system(EBADF) : item->ready;
}

int csock_wait(struct csock_socket *sock, short events, int64_t deadline)
{
	CSI_NEED(sock);
	struct csock_poll_item item = {.sock = sock, .events = events};
	int result = csock_poll(&item, 1, deadline);

	return result < 0 ? result : events_of(&item);
}

int csock_wait_or_wake(struct csock_socket *sock, short events, const struct csock_wake *wake,
		       int64_t deadline)
{
	CSI_NEED(sock, wake);
	struct csock_poll_item items[] = {{.wake = wake}, {.sock = sock, .events = events}};
	int result = csock_poll(items, 2, deadline);

	if (result < 0)
		return result;
	if (items[0].ready == POLLIN)
		return 0;
	return events_of(&items[items[0].ready ? 0 : 1]);
}
