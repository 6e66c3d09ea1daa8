/**
 * For bindings to languages whose interpreter has a lock: when to hold it during a call.
 *
 * A call that returns at once may be made with the lock held. For one that waits, release it first.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_BINDING_H
#define CSOCKET_BINDING_H

#include <stdbool.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/**
 * Whether the process has only this thread, and so needs neither locks nor atomic instructions. It
 * stays true until this thread starts another. false if the C library does not tell: glibc does
 * since 2.32 (__libc_single_threaded).
 */
CSOCK_API bool csock_is_single_threaded(void);

/** Whether a call with CSOCK_NOW returns at once: not in families with unbounded_calls. */
CSOCK_API bool csock_can_try(const struct csock_socket *sock) CSOCK_NONNULL(1);

/**
 * Whether the last receiving calls had to wait, so that a call with CSOCK_NOW would probably fail.
 * It is false for one call in 16, to test whether that has changed.
 */
CSOCK_API bool csock_expects_to_wait(const struct csock_socket *sock) CSOCK_NONNULL(1);

/**
 * Whether csock_close may take long: calls are in progress, the socket may linger (SO_LINGER with a
 * time above 0, or adopted), or the kernel has more to do for its family.
 */
CSOCK_API bool csock_close_may_wait(const struct csock_socket *sock) CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
