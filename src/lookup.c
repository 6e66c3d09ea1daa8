/*
 * Looking up a name in a thread of its own, which whoever waits for the result may leave behind.
 */
#include "lookup.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "csocket/poll.h"

#include "failure.h"
#include "platform/platform.h"
#include "shared.h"

/* So many may be given up and still go on. The resolver itself ends in half a minute or so. */
#define GIVEN_UP_MAX 64

static unsigned int given_up;

struct look_up {
	int users;     /* the thread, and the caller that waits for it; the last one frees it all */
	bool is_taken; /* the caller has the result */
	bool is_given_up;
	struct csock_wake ended; /* set when the result is there */
	int status;
	struct addrinfo *list;
	struct addrinfo hints;
	const char *host; /* in names, or NULL */
	const char *service;
	char names[];
};

/* Copies the names: the caller may free its own when it gives up. */
static struct look_up *make(const char *host, const char *service, const struct addrinfo *hints)
{
	size_t host_size = host ? strlen(host) + 1 : 0;
	size_t service_size = service ? strlen(service) + 1 : 0;
	struct look_up *look_up = calloc(1, sizeof *look_up + host_size + service_size);

	if (!look_up)
		return NULL;
	look_up->users = 2;
	look_up->hints = *hints;
	if (host)
		look_up->host = memcpy(look_up->names, host, host_size);
	if (service)
		look_up->service = memcpy(look_up->names + host_size, service, service_size);
	return look_up;
}

static void discard(struct look_up *look_up)
{
	if (look_up->is_given_up)
		(void)__atomic_sub_fetch(&given_up, 1, __ATOMIC_RELAXED);
	if (look_up->list)
		freeaddrinfo(look_up->list);
	csock_wake_close(&look_up->ended);
	free(look_up);
}

static void leave(struct look_up *look_up)
{
	if (__atomic_sub_fetch(&look_up->users, 1, __ATOMIC_ACQ_REL) == 0)
		discard(look_up);
}

static void *run(void *arg)
{
	struct look_up *look_up = arg;

	look_up->status =
		csi_ask_resolver(look_up->host, look_up->service, &look_up->hints, &look_up->list);
	/* It cannot fail: the handle is open, and was not set before. */
	(void)csock_wake_set(&look_up->ended);
	leave(look_up);
	return NULL;
}

/* Also runs if the thread of the caller is cancelled. */
static void stop_waiting(void *arg)
{
	struct look_up *look_up = arg;

	if (!look_up->is_taken) {
		look_up->is_given_up = true;
		(void)__atomic_add_fetch(&given_up, 1, __ATOMIC_RELAXED);
	}
	leave(look_up);
}

/* Takes the result, and the handle, which the other thread does not use any more. */
static int take(struct look_up *look_up, struct addrinfo **list)
{
	int status = csock_wake_clear(&look_up->ended);

	csock_wake_close(&look_up->ended);
	look_up->is_taken = true;
	*list = look_up->list;
	look_up->list = NULL;
	return status < 0 ? status : look_up->status;
}

/* The result of a look-up that goes on: 0 and the list, or a failure. */
static int await(struct look_up *look_up, int64_t deadline, struct addrinfo **list)
{
	struct csock_poll_item item = {.wake = &look_up->ended};
	int status;

	CSI_CLEANUP_PUSH(stop_waiting, look_up);
	do
		status = csock_poll(&item, 1, deadline);
	while (csock_status_domain(status) == CSOCK_INTERRUPTED);
	if (status > 0)
		status = take(look_up, list);
	CSI_CLEANUP_POP(true);
	return status;
}

int csi_look_up(const char *host, const char *service, const struct addrinfo *hints,
		int64_t deadline, struct addrinfo **list)
{
	if (CSI_LOAD(given_up) >= GIVEN_UP_MAX)
		return csock_status_make(CSOCK_RESOLVER, EAI_AGAIN);
	struct look_up *look_up = make(host, service, hints);
	if (!look_up)
		return csi_system(ENOMEM);
	int status = csock_wake_open(&look_up->ended);
	if (status == 0)
		status = csi_platform_start_thread(run, look_up);
	if (status < 0) {
		discard(look_up);
		return status;
	}
	return await(look_up, deadline, list);
}

void csi_look_ups_forget(void)
{
	CSI_STORE(given_up, 0);
}
