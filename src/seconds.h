/*
 * Seconds in struct timespec and struct timeval, which have 32 or 64 bits.
 */
#ifndef CSI_SECONDS_H
#define CSI_SECONDS_H

#include <stdint.h>
#include <sys/time.h>

#define CSI_NANOSECONDS INT64_C(1000000000)

/* The seconds, or the most that fit: 68 years. */
static inline time_t csi_seconds(int64_t seconds)
{
	return sizeof(time_t) < sizeof seconds && seconds > INT32_MAX ? INT32_MAX : (time_t)seconds;
}

/* The time in nanoseconds, or the most that fit. */
static inline int64_t csi_nanoseconds(const struct timeval *time)
{
	int64_t seconds = time->tv_sec;

	if (seconds >= INT64_MAX / CSI_NANOSECONDS)
		return INT64_MAX;
	return seconds * CSI_NANOSECONDS + (int64_t)time->tv_usec * 1000;
}

#endif
