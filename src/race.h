/*
 * Attempts to connect that go on beside each other (RFC 8305).
 */
#ifndef CSI_RACE_H
#define CSI_RACE_H

#include <stdbool.h>
#include <stdint.h>

#include "csocket/resolver.h"
#include "csocket/socket.h"

struct csi_race;

/* Makes a race of all results that the resolution has left: NULL if there is no memory. */
struct csi_race *csi_race_new(struct csock_resolution *resolution);

/*
 * Begins an attempt each delay nanoseconds, and as soon as one fails, until one has connected: 0,
 * and sock has the connection, or a failure. After CSOCK_INTERRUPTED the attempts go on, and sock
 * has one of them. After anything else there are none, and after a failure sock is closed.
 */
int csi_race_run(struct csi_race *race, struct csock_socket *sock, int64_t delay, int64_t deadline);

/* Closes the attempts but for that in the caller's socket. NULL is allowed. */
void csi_race_free(struct csi_race *race);

#endif
