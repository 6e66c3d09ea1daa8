/*
 * Deadlines: until when a call may wait.
 *
 * A deadline is a point on the system's monotonic clock, in nanoseconds. Since it is
 * absolute, a call that is repeated with the same deadline never waits longer than the
 * first one was allowed to.
 */
#ifndef CSOCKET_DEADLINE_H
#define CSOCKET_DEADLINE_H

#include <stdint.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/* Try once, and come back whatever happens. */
#define CSOCK_NOW INT64_MIN
/*
 * Wait as long as it takes. On a socket in blocking mode the kernel does the waiting, so
 * that its own limits (SO_RCVTIMEO, SO_SNDTIMEO) hold and show as EAGAIN.
 */
#define CSOCK_NEVER INT64_MAX

/* The monotonic clock, in nanoseconds. */
CSOCK_API int64_t csock_clock(void);

/*
 * The deadline that is this many nanoseconds away; CSOCK_NOW for 0, CSOCK_NEVER for a
 * negative number. A sum beyond the clock's range is the clock's last point.
 */
CSOCK_API int64_t csock_deadline_after(int64_t nanoseconds);

CSOCK_END_DECLS

#endif
