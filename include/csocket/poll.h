/**
 * Waiting until sockets are ready, and ending such a wait from elsewhere.
 *
 * Events are those of poll(2): POLLIN, POLLOUT, POLLPRI. A call also tells POLLERR and POLLHUP, for
 * which it need not be asked. csocket/socket.h describes deadlines, signals and closing.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_POLL_H
#define CSOCKET_POLL_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/deadline.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/**
 * Waits until the socket is ready for one of the events: the events it is ready for, above 0; or a
 * failure. CSOCK_TIMEOUT if it was not ready until the deadline, with CSOCK_NOW too. EBADF if the
 * socket is closed, or another thread closes it meanwhile.
 *
 * @param events POLLIN, POLLOUT, POLLPRI, or several of them
 */
CSOCK_API int csock_wait(struct csock_socket *sock, short events, int64_t deadline)
	CSOCK_NONNULL(1);

/**
 * A wake handle: it ends csock_poll from another thread or from a signal handler. The struct is the
 * caller's memory. Initialise it with CSOCK_WAKE_INIT or with zeros. It may be moved. The fields
 * are the library's own.
 */
struct csock_wake {
	csock_handle waits; /* descriptors plus one */
	csock_handle wakes;
};

/** Initialises a wake handle where it is defined. */
#define CSOCK_WAKE_INIT CSOCK_ZEROS

/** Opens a wake handle (eventfd(2)): 0, or a failure; EBUSY if it is open. */
CSOCK_API int csock_wake_open(struct csock_wake *wake) CSOCK_NONNULL(1);

/**
 * Sets the handle: every csock_poll that has it as an item ends, those that begin later too, until
 * csock_wake_clear. 0, or a failure: EBADF if it is closed. Async-signal-safe.
 */
CSOCK_API int csock_wake_set(const struct csock_wake *wake) CSOCK_NONNULL(1);

/** Makes the handle as it was when it was opened: 0, or a failure. Async-signal-safe. */
CSOCK_API int csock_wake_clear(const struct csock_wake *wake) CSOCK_NONNULL(1);

/**
 * The descriptor of the handle, which is ready for reading while it is set, for the event loop of
 * another library; CSOCK_NO_HANDLE if the handle is closed. It stays the handle's.
 */
CSOCK_API csock_handle csock_wake_fd(const struct csock_wake *wake) CSOCK_NONNULL(1);

/** Closes the handle, if it is open. No other call may be using it. */
CSOCK_API void csock_wake_close(struct csock_wake *wake) CSOCK_NONNULL(1);

/**
 * The same as csock_wait, but it ends as soon as the handle is set, and then returns 0, whether or
 * not the socket is ready.
 */
CSOCK_API int csock_wait_or_wake(struct csock_socket *sock, short events,
				 const struct csock_wake *wake, int64_t deadline)
	CSOCK_NONNULL(1, 3);

/** One of the things that csock_poll waits for. Set what is not used to NULL or 0. */
struct csock_poll_item {
	struct csock_socket *sock;     /**< NULL for a wake handle */
	const struct csock_wake *wake; /**< if sock is NULL; with both NULL the item is left out */
	short events;                  /**< of the socket; a wake handle needs none */
	/**
	 * What the call found: events; POLLIN for a handle that is set; POLLNVAL for a socket or a
	 * handle that is closed.
	 */
	short ready;
	void *reserved[6]; /* the library's own, while the call goes on */
};

/**
 * Waits until one of count items is ready: the number of items whose ready is not 0; or a failure.
 * CSOCK_TIMEOUT if none was until the deadline, with CSOCK_NOW too. It allocates memory for more
 * than 32 items (ENOMEM).
 *
 * It ends when another thread closes one of the sockets. A socket may be in several items. The
 * items must stay where they are during the call. For thousands of sockets use the system's own
 * event queue, with csock_fd.
 *
 * @param items may be NULL if count is 0
 */
CSOCK_API int csock_poll(struct csock_poll_item *items, size_t count, int64_t deadline);

CSOCK_END_DECLS

#endif
