/*
 * The one lock of all sockets.
 *
 * It guards giving a descriptor to a socket and taking it away, lists with more than one waiter,
 * reading a waiter of another thread, and renewing a count after fork.
 */
#ifndef CSI_SOCKETS_LOCK_H
#define CSI_SOCKETS_LOCK_H

#include <stdbool.h>

#include "inflight.h"
#include "platform/names.h"

extern csi_mutex csi_sockets_lock;

/* Takes the lock, unless the process has one thread. Returns whether it did. */
static inline bool csi_lock_sockets(void)
{
	bool takes_it = !csi_is_alone();

	if (takes_it)
		csi_mutex_lock(&csi_sockets_lock);
	return takes_it;
}

static inline void csi_unlock_sockets(bool was_taken)
{
	if (was_taken)
		csi_mutex_unlock(&csi_sockets_lock);
}

#endif
