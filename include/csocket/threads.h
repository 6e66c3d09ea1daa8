/*
 * Threads of the process.
 */
#ifndef CSOCKET_THREADS_H
#define CSOCKET_THREADS_H

#include <stdbool.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/*
 * Whether this is the only thread of the process, which so needs neither locks nor atomic counting;
 * false where the system does not tell. It stays so until this thread makes another one.
 */
CSOCK_API bool csock_is_single_threaded(void);

CSOCK_END_DECLS

#endif
