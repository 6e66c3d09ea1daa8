/**
 * Deadlines: the time until which a call may wait.
 *
 * A deadline is a time of the system's monotonic clock, in nanoseconds. It is absolute, so a call
 * that is repeated with the same deadline does not wait longer in all, and a child process of
 * fork(2) may use it too.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_DEADLINE_H
#define CSOCKET_DEADLINE_H

#include <stdint.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/** Try once, and do not wait. */
#define CSOCK_NOW INT64_MIN
/**
 * Wait without a limit. On a socket in blocking mode the kernel does the waiting. So its own limits
 * (SO_RCVTIMEO, SO_SNDTIMEO) apply, and the call then fails with EAGAIN (csock_connect with
 * EINPROGRESS). On Windows it fails with ETIMEDOUT, and they do not apply to csock_accept and
 * csock_connect.
 */
#define CSOCK_NEVER INT64_MAX

/** A millisecond in nanoseconds, for csock_deadline_after. */
#define CSOCK_MILLISECOND INT64_C(1000000)
/** A second in nanoseconds: csock_deadline_after(5 * CSOCK_SECOND). */
#define CSOCK_SECOND INT64_C(1000000000)

/** The time of the monotonic clock in nanoseconds (clock_gettime(2), CLOCK_MONOTONIC). */
CSOCK_API int64_t csock_clock(void);

/**
 * The deadline that many nanoseconds from now; CSOCK_NOW for 0, CSOCK_NEVER for a negative number.
 * If the sum overflows, it is CSOCK_NEVER - 1.
 */
CSOCK_API int64_t csock_deadline_after(int64_t nanoseconds);

CSOCK_END_DECLS

#endif
