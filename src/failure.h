/*
 * Failures from errno, for the files that make system calls.
 */
#ifndef CSI_FAILURE_H
#define CSI_FAILURE_H

#include <errno.h>

#include "csocket/status.h"

#include "platform/compiler.h"

/* The failure in errno. Call it directly after the system call. */
CSI_COLD int csi_failure(void);

static inline int csi_system(int error)
{
	return csock_status_make(CSOCK_SYSTEM, error);
}

#endif
