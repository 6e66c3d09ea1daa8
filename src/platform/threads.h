/*
 * Whether the process has one thread, as far as the C library tells. Inline, because every call
 * asks.
 */
#ifndef CSI_PLATFORM_THREADS_H
#define CSI_PLATFORM_THREADS_H

#include <stdbool.h>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define CSI_SINGLE_THREADED (__libc_single_threaded != 0)
#else
#define CSI_SINGLE_THREADED false
#endif

/* Whether the process has only this thread; false if the C library does not tell. */
static inline bool csi_platform_is_single_threaded(void)
{
	return CSI_SINGLE_THREADED;
}

#endif
