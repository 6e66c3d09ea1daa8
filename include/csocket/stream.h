/**
 * Connections by name: clients and servers in one call.
 *
 * The sockets are TCP sockets in blocking mode, unless something else is said below. Use the calls
 * of csocket/socket.h and csocket/resolver.h for all else.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_STREAM_H
#define CSOCKET_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/resolver.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/** RFC 8305's delay between attempts to connect, a quarter of a second, in nanoseconds. */
#define CSOCK_ATTEMPT_DELAY (CSOCK_SECOND / 4)

/**
 * Opens sock and connects it to a host and a service: 0, or a failure, and then sock is closed. It
 * looks up the addresses with csock_resolve, and tries them as csock_connect_any does with
 * CSOCK_ATTEMPT_DELAY. The failure is that of the last attempt that failed.
 *
 * The deadline is for the whole call, with the look-up of the name. After CSOCK_INTERRUPTED the
 * call begins anew if it is repeated; csock_connect_any goes on. csock_close in another thread ends
 * a connection attempt, and the call fails with EBADF. EBUSY if sock is open. CSOCK_NOW is of no
 * use here, because sock is closed after any failure: see csock_connect_any.
 *
 * @param host a name such as "localhost", or a numeric address; NULL is this machine
 * @param service a name such as "http", or a decimal port: CSOCK_REFUSED_RANGE above 65535,
 * CSOCK_REFUSED_SYNTAX if it is empty
 */
CSOCK_API int csock_connect_to(struct csock_socket *sock, const char *host, const char *service,
			       int64_t deadline) CSOCK_NONNULL(1, 3);

/**
 * Opens sock and connects it to one of the next results of the resolution: 0, or the failure of the
 * last attempt that failed. The rest is as for csock_connect_to, but any type of socket will do.
 *
 * With a delay it is the race of RFC 8305: the families take turns, beginning with that of the
 * first result. The next attempt begins when the delay has passed, or at once if one fails;
 * earlier attempts go on. The first connection is kept. When the race has ended, all other sockets
 * are closed, and all results are used up. Without a delay the results are tried in order, and each
 * may take an equal share of the time that is left.
 *
 * After CSOCK_INTERRUPTED, or EINPROGRESS or EALREADY with CSOCK_NOW, sock stays open and goes on
 * connecting. Call again with the same resolution to wait for the outcome, and to try the next
 * results; or close sock, and free the resolution. With CSOCK_NOW and a delay, call again after
 * each delay, and not only when sock is ready: sock is only one of the attempts. After any other
 * failure sock is closed. If no result is left, it fails with EAI_NONAME.
 *
 * @param delay nanoseconds, such as CSOCK_ATTEMPT_DELAY; 0 tries one result after the other
 */
CSOCK_API int csock_connect_any(struct csock_socket *sock, struct csock_resolution *resolution,
				int64_t delay, int64_t deadline) CSOCK_NONNULL(1, 2);

/** How a server listens. All zeros are the usual. */
struct csock_listen_options {
	int family;  /**< AF_INET for IPv4 alone, AF_INET6 for IPv6 alone, or AF_UNSPEC for any */
	int backlog; /**< how many connections may wait for csock_accept; 0: SOMAXCONN */
	bool reuse_port;  /**< several sockets may listen on the port (SO_REUSEPORT) */
	bool nonblocking; /**< opens sock in non-blocking mode */
	int type;         /**< 0: SOCK_STREAM; SOCK_DGRAM: a UDP socket, which is only bound */
	int reserved[3];  /* zeros */
};

/**
 * Opens sock, binds it to a host and a service, and listens: 0, or a failure, and then sock is
 * closed. A host's addresses are tried in order, until one can be bound; the failure is that of the
 * last one.
 *
 * The port of a TCP socket may be bound again at once after a restart (SO_REUSEADDR). With a host,
 * a socket of IPv6 takes no connections over IPv4. The deadline is for csock_resolve. EBUSY if sock
 * is open.
 *
 * @param host NULL takes connections to any address of this machine, over IPv6 and IPv4, or over
 * IPv4 alone if the system has no IPv6
 * @param service "0", or NULL, lets the system choose a port (csock_getsockname and csock_addr_port
 * tell it)
 * @param options may be NULL for the usual
 */
CSOCK_API int csock_listen_on(struct csock_socket *sock, const char *host, const char *service,
			      const struct csock_listen_options *options, int64_t deadline)
	CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
