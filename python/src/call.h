/*
 * The one place that releases the GIL.
 *
 * An operation is tried first with the GIL held, which costs nothing where it need not wait.
 * Only where it would is the GIL released, and the same operation called again with the
 * socket's real deadline. Signals that interrupt it are handled in between (PEP 475).
 */
#ifndef EXT_CALL_H
#define EXT_CALL_H

#include "socket_object.h"

#include <limits.h>
#include <sys/types.h>

/* Makes a library call with this deadline: its result. Must not touch Python objects. */
typedef ssize_t (*library_call)(struct csock_socket *sock, void *arguments, int64_t deadline);

/* The largest copy that is made with the GIL held, in bytes. */
#define TRY_SIZE_MAX 65536

enum call_mode {
	CALL_TRY_FIRST,    /* may be called with CSOCK_NOW whatever the socket's mode */
	CALL_TRY_IF_ASYNC, /* only where the descriptor is in non-blocking mode */
	CALL_WAIT,         /* copies much, or may block in spite of CSOCK_NOW */
};

/* Answered instead of a status where a Python exception is set. */
#define CALL_RAISED INT_MIN

/* The mode for a transfer of so many bytes. */
static inline enum call_mode call_mode_for(size_t size)
{
	return size <= TRY_SIZE_MAX ? CALL_TRY_FIRST : CALL_WAIT;
}

/*
 * Calls with the socket's timeout: the result, a failed status, or CALL_RAISED. A signal
 * handler that raises ends the call; so does any other interruption of a socket that does
 * not wait.
 */
ssize_t sock_call(struct socket_object *self, enum call_mode mode, library_call call,
		  void *arguments);

/* For library calls without a socket that may wait, such as the resolver's. */
typedef int (*library_work)(void *arguments);
int call_without_gil(library_work work, void *arguments);

#endif
