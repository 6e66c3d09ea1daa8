/*
 * Releasing the GIL for library calls that use no socket, or close one.
 */
#ifndef EXT_GIL_RELEASE_H
#define EXT_GIL_RELEASE_H

#include "csocket/csocket.h"

/*
 * csock_close() and csock_descriptor_close() without the GIL, because any socket may linger. They
 * may be called while an exception is set, to clean up after a failure.
 */
int call_close(struct csock_socket *sock);
int call_descriptor_close(csock_handle fd);

/* For library calls without a socket that may wait, such as the resolver's. */
typedef int (*library_work)(void *arguments);
int call_without_gil(library_work work, void *arguments);

/* Lets other threads and signal handlers run: 0, or -1 with the exception of a handler. */
int gil_break(void);

#endif
