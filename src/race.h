/*
 * Attempts to connect that go on at the same time (RFC 8305).
 */
#ifndef CSI_RACE_H
#define CSI_RACE_H

#include <stdbool.h>
#include <stdint.h>

#include "csocket/resolver.h"
#include "csocket/socket.h"

struct csi_race;

/* Makes a race of all results that the resolution has left; NULL if there is no memory. */
struct csi_race *csi_race_new(struct csock_resolution *resolution);

/*
 * Begins an attempt every delay nanoseconds, and as soon as one fails, until one has connected: 0,
 * and sock has the connection; or a failure. After CSOCK_INTERRUPTED or CSOCK_TIMEOUT the race can
 * go on with another call, and sock has one of the attempts. Otherwise free the race: other
 * attempts may still be under way. Closing sock after a failure is left to the caller.
 */
int csi_race_run(struct csi_race *race, struct csock_socket *sock, int64_t delay, int64_t deadline);

/* Closes all attempts but the one in the caller's socket. NULL is allowed. */
void csi_race_free(struct csi_race *race);

#endif
