/*
 * Threads of the process.
 */
#ifndef CSOCKET_THREADS_H
#define CSOCKET_THREADS_H

#include <stdbool.h>

#if defined(__has_include)
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define CSOCK_KNOWS_SINGLE_THREADED
#endif
#endif

/*
 * Whether this is the only thread of the process, which so needs neither locks nor atomic counting;
 * false where the system does not tell. It stays so until this thread makes another one.
 */
static inline bool csock_is_single_threaded(void)
{
#ifdef CSOCK_KNOWS_SINGLE_THREADED
	return __libc_single_threaded != 0;
#else
	return false;
#endif
}

#endif
