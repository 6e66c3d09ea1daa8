/**
 * Socket options.
 *
 * Two functions are for any option, by level and number (getsockopt(2), setsockopt(2)). Those that
 * are not just a number have functions of their own.
 *
 * Sizes are in bytes. A size above INT_MAX is CSOCK_REFUSED_SIZE.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_OPTION_H
#define CSOCKET_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/**
 * Reads an option into value: 0, or a failure.
 *
 * @param size set it to the room in value; it gets the size of the option
 */
CSOCK_API int csock_getsockopt(struct csock_socket *sock, int level, int option, void *value,
			       size_t *size) CSOCK_NONNULL(1, 5);

/**
 * Sets an option: 0, or a failure.
 *
 * @param value may be NULL, which some options take, with a size
 */
CSOCK_API int csock_setsockopt(struct csock_socket *sock, int level, int option, const void *value,
			       size_t size) CSOCK_NONNULL(1);

/**
 * Reads an option that is an integer: 0, or a failure. Most are an int. The library knows those
 * that have 32 bits without a sign (SO_MARK, SO_PRIORITY, TCP_NOTSENT_LOWAT, ...) or 64
 * (SO_MAX_PACING_RATE, SO_COOKIE, SO_NETNS_COOKIE, and AF_VSOCK's own level). Of 64 bits without a
 * sign *value gets the bits: -1 is a SO_MAX_PACING_RATE without a limit.
 */
CSOCK_API int csock_get_int(struct csock_socket *sock, int level, int option, int64_t *value)
	CSOCK_NONNULL(1, 4);

/**
 * Sets an option that is an integer, such as SO_REUSEADDR, TCP_NODELAY or IPV6_V6ONLY: 0, or a
 * failure; CSOCK_REFUSED_RANGE if value does not fit. For an option without a sign, -1 sets all
 * bits.
 */
CSOCK_API int csock_set_int(struct csock_socket *sock, int level, int option, int64_t value)
	CSOCK_NONNULL(1);

/**
 * Takes the error that the kernel keeps for the socket, such as that of a connection (SO_ERROR): 0
 * if there is none; else that error as CSOCK_SYSTEM, and the kernel forgets it. EBADF if the socket
 * is closed.
 */
CSOCK_API int csock_take_error(struct csock_socket *sock) CSOCK_NONNULL(1);

/** csock_close returns at once, and the kernel goes on sending. This is the system's default. */
#define CSOCK_LINGER_OFF (-1)

/**
 * Reads how long csock_close waits until all data is sent (SO_LINGER), in seconds: 0, or a failure.
 * *seconds gets CSOCK_LINGER_OFF if it does not wait.
 */
CSOCK_API int csock_get_linger(struct csock_socket *sock, int *seconds) CSOCK_NONNULL(1, 2);

/**
 * Sets how long csock_close waits until all data is sent (SO_LINGER): 0, or a failure. With 0
 * csock_close drops the data and resets a TCP connection. It waits in non-blocking mode too.
 *
 * @param seconds from 0 on, or CSOCK_LINGER_OFF; else CSOCK_REFUSED_RANGE
 */
CSOCK_API int csock_set_linger(struct csock_socket *sock, int seconds) CSOCK_NONNULL(1);

/** The kernel waits without a limit of its own. This is the system's default. */
#define CSOCK_NO_TIMEOUT INT64_C(-1)

/**
 * Reads how long the kernel waits in one receiving call (SO_RCVTIMEO), in nanoseconds: 0, or a
 * failure. *timeout gets CSOCK_NO_TIMEOUT if there is no limit. Only calls with CSOCK_NEVER in
 * blocking mode leave the waiting to the kernel; then they fail with EAGAIN, on Windows with
 * ETIMEDOUT. Prefer a deadline.
 */
CSOCK_API int csock_get_recv_timeout(struct csock_socket *sock, int64_t *timeout)
	CSOCK_NONNULL(1, 2);

/**
 * Sets how long the kernel waits in one receiving call (SO_RCVTIMEO), in nanoseconds: 0, or a
 * failure.
 *
 * @param timeout above 0, or CSOCK_NO_TIMEOUT; else CSOCK_REFUSED_RANGE: the kernel cannot wait for
 * 0. It is rounded up to the kernel's clock tick, some milliseconds
 */
CSOCK_API int csock_set_recv_timeout(struct csock_socket *sock, int64_t timeout) CSOCK_NONNULL(1);

/** The same as csock_get_recv_timeout for sending and connecting (SO_SNDTIMEO). */
CSOCK_API int csock_get_send_timeout(struct csock_socket *sock, int64_t *timeout)
	CSOCK_NONNULL(1, 2);

/** The same as csock_set_recv_timeout for sending and connecting (SO_SNDTIMEO). */
CSOCK_API int csock_set_send_timeout(struct csock_socket *sock, int64_t timeout) CSOCK_NONNULL(1);

/** When TCP finds out that a silent peer is gone; a 0 leaves the socket's present value. */
struct csock_keepalive {
	int idle;     /**< seconds of silence before the first probe (TCP_KEEPIDLE) */
	int interval; /**< seconds between probes (TCP_KEEPINTVL) */
	int probes;   /**< how many without an answer break the connection (TCP_KEEPCNT) */
};

/**
 * Turns keepalive probes of a TCP socket on or off (SO_KEEPALIVE): 0, or a failure: EINVAL for a
 * number that the system does not take.
 *
 * @param keepalive NULL turns them off
 */
CSOCK_API int csock_set_keepalive(struct csock_socket *sock,
				  const struct csock_keepalive *keepalive) CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
