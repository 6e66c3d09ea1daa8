/*
 * Keeping SIGPIPE away from the program, around system calls that have no MSG_NOSIGNAL.
 */
#ifndef CSI_PLATFORM_SIGPIPE_H
#define CSI_PLATFORM_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

struct csi_sigpipe {
	sigset_t set;
	sigset_t old;
	bool was_pending;
};

/* Blocks SIGPIPE for this thread. */
void csi_sigpipe_hold(struct csi_sigpipe *held);

/* Takes the signal away if the call raised it (EPIPE), and restores the thread's mask. */
void csi_sigpipe_release(const struct csi_sigpipe *held, bool raised);

#endif
