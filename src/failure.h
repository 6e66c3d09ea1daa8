/*
 * Failures of the system, for the files that make system calls.
 */
#ifndef CSI_FAILURE_H
#define CSI_FAILURE_H

#include <errno.h>
#include <stdbool.h>

#include "csocket/status.h"

#include "platform/compiler.h"
#include "platform/errors.h"

/*
 * For the start of a public function: debug builds refuse NULL in its parameters. Where there is no
 * status to return, assert() does that.
 */
#define CSI_NEED(...)                                                                              \
	do {                                                                                       \
		const void *const needed[] = {__VA_ARGS__};                                        \
		if (CSI_DEBUG && csi_has_null(needed, sizeof needed / sizeof needed[0]))           \
			return csock_status_refuse(CSOCK_REFUSED_NULL, 0);                         \
	} while (0)

CSI_COLD bool csi_has_null(const void *const *pointers, size_t count);

/* The failure of the last system call. Call it directly after that. */
CSI_COLD int csi_failure(void);

/* The failure that has this name in errno.h. */
static inline int csi_system(int error)
{
	return csock_status_make(CSOCK_SYSTEM, csi_platform_code(error));
}

/* Whether a status is that failure. */
static inline bool csi_is_system(ssize_t status, int error)
{
	return csock_status_domain(status) == CSOCK_SYSTEM &&
	       csock_status_code(status) == csi_platform_code(error);
}

#endif
