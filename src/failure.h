/*
 * Failures from errno, for the files that make system calls.
 */
#ifndef CSI_FAILURE_H
#define CSI_FAILURE_H

#include <errno.h>

#include "csocket/status.h"

/* For what is called seldom: its callers are small without it, and the branch to it is unlikely. */
#define CSI_COLD __attribute__((noinline, cold))

/* For what is long anyway. */
#define CSI_APART __attribute__((noinline))

/* For the few lines that every call has. */
#define CSI_INLINE static inline __attribute__((always_inline))

/* The failure that errno tells of. Called right after the system call. */
CSI_COLD int csi_failure(void);

static inline int csi_system(int error)
{
	return csock_status_make(CSOCK_SYSTEM, error);
}

#endif
