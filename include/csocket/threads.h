/*
 * Threads of the process.
 */
#ifndef CSOCKET_THREADS_H
#define CSOCKET_THREADS_H

#include <stdbool.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/*
 * Whether the process has only this thread, and so needs neither locks nor atomic instructions. It
 * stays true until this thread starts another. false if the C library does not tell: glibc does
 * since 2.32 (__libc_single_threaded).
 */
CSOCK_API bool csock_is_single_threaded(void);

CSOCK_END_DECLS

#endif
