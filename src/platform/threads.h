/*
 * Threads: locks, what runs if a thread is cancelled or the process forks, and whether the process
 * has one thread. Inline, because every call asks.
 */
#ifndef CSI_PLATFORM_THREADS_H
#define CSI_PLATFORM_THREADS_H

#include <stdbool.h>

#include "platform/system.h"

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define CSI_SINGLE_THREADED (__libc_single_threaded != 0)
#else
#define CSI_SINGLE_THREADED false
#endif

/* Whether a thread that is cancelled in accept4() runs its clean-up: glibc for ARM has no table. */
#if defined(__arm__) && defined(__GLIBC__)
#define CSI_ACCEPT_UNWINDS false
#else
#define CSI_ACCEPT_UNWINDS true
#endif

/* Whether the process has only this thread; false if the C library does not tell. */
static inline bool csi_platform_is_single_threaded(void)
{
	return CSI_SINGLE_THREADED;
}

#if defined(_WIN32)

typedef SRWLOCK csi_mutex;
#define CSI_MUTEX_INIT SRWLOCK_INIT

static inline void csi_mutex_lock(csi_mutex *mutex)
{
	AcquireSRWLockExclusive(mutex);
}

static inline void csi_mutex_unlock(csi_mutex *mutex)
{
	ReleaseSRWLockExclusive(mutex);
}

typedef DWORD csi_thread;

/* Cancelling does not end WSAPoll(). */
#define CSI_SIGNAL_ENDS_POLL false

static inline csi_thread csi_this_thread(void)
{
	return GetCurrentThreadId();
}

/* A thread that is terminated runs nothing. */
#define CSI_CLEANUP_PUSH(function, argument)                                                       \
	{                                                                                          \
		void (*csi_cleanup)(void *) = (function);                                          \
		void *csi_cleanup_argument = (argument);

#define CSI_CLEANUP_POP(runs)                                                                      \
	if (runs)                                                                                  \
		csi_cleanup(csi_cleanup_argument);                                                 \
	}

static inline void csi_cancel_disable(int *before)
{
	*before = 0;
}

static inline void csi_cancel_restore(int before)
{
	(void)before;
}

/* There is no fork(). */
static inline void csi_at_fork(void (*before)(void), void (*parent)(void), void (*child)(void))
{
	(void)before;
	(void)parent;
	(void)child;
}

#else

typedef pthread_mutex_t csi_mutex;
#define CSI_MUTEX_INIT PTHREAD_MUTEX_INITIALIZER

static inline void csi_mutex_lock(csi_mutex *mutex)
{
	pthread_mutex_lock(mutex);
}

static inline void csi_mutex_unlock(csi_mutex *mutex)
{
	pthread_mutex_unlock(mutex);
}

typedef pthread_t csi_thread;

#define CSI_SIGNAL_ENDS_POLL true

static inline csi_thread csi_this_thread(void)
{
	return pthread_self();
}

/* Between these two a thread that is cancelled calls the function; at the end any thread does, if
 * runs is true. */
#define CSI_CLEANUP_PUSH(function, argument) pthread_cleanup_push(function, argument)
#define CSI_CLEANUP_POP(runs) pthread_cleanup_pop(runs)

/* The thread cannot be cancelled between these two. */
static inline void csi_cancel_disable(int *before)
{
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, before);
}

static inline void csi_cancel_restore(int before)
{
	(void)pthread_setcancelstate(before, NULL);
}

static inline void csi_at_fork(void (*before)(void), void (*parent)(void), void (*child)(void))
{
	/* Fails only for lack of memory. Then a child of fork() also counts the parent's calls. */
	(void)pthread_atfork(before, parent, child);
}

#endif

#endif
