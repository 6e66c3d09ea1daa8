/*
 * Times as the system's calls take them.
 */
#ifndef CSI_PLATFORM_KERNEL_TIME_H
#define CSI_PLATFORM_KERNEL_TIME_H

#include <stdint.h>

#include "platform/system.h"

#define CSI_NANOSECONDS INT64_C(1000000000)

/* The seconds, or the most that fit: 68 years. */
static inline time_t csi_seconds(int64_t seconds)
{
	return sizeof(time_t) < sizeof seconds && seconds > INT32_MAX ? INT32_MAX : (time_t)seconds;
}

/*
 * The limit of the kernel's own waiting, as SO_RCVTIMEO and SO_SNDTIMEO have it: made of
 * nanoseconds, rounded up because 0 is no limit; and in nanoseconds, or the most that fit.
 */
#if defined(_WIN32)

/* What a call fails with after that time. */
#define CSI_LIMIT_ERROR ETIMEDOUT

/* Winsock cancels the call, and a message may get lost. So the library itself measures the time. */
#define CSI_LIMIT_LOSES_DATA true

#define CSI_MILLISECOND INT64_C(1000000)

typedef DWORD csi_kernel_limit;

static inline csi_kernel_limit csi_kernel_limit_of(int64_t nanoseconds)
{
	int64_t limit = nanoseconds / CSI_MILLISECOND + (nanoseconds % CSI_MILLISECOND != 0);

	return limit > INT32_MAX ? INT32_MAX : (DWORD)limit;
}

static inline int64_t csi_kernel_limit_ns(const csi_kernel_limit *limit)
{
	return *limit * CSI_MILLISECOND;
}

#else

#define CSI_LIMIT_ERROR EAGAIN
#define CSI_LIMIT_LOSES_DATA false

typedef struct timeval csi_kernel_limit;

static inline csi_kernel_limit csi_kernel_limit_of(int64_t nanoseconds)
{
	int64_t microseconds = nanoseconds / 1000 + (nanoseconds % 1000 != 0);

	return (csi_kernel_limit){.tv_sec = csi_seconds(microseconds / 1000000),
				  .tv_usec = (suseconds_t)(microseconds % 1000000)};
}

static inline int64_t csi_kernel_limit_ns(const csi_kernel_limit *limit)
{
	int64_t seconds = limit->tv_sec;

	if (seconds >= INT64_MAX / CSI_NANOSECONDS)
		return INT64_MAX;
	return seconds * CSI_NANOSECONDS + (int64_t)limit->tv_usec * 1000;
}

#endif

#endif
