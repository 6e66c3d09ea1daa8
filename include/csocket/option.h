/*
 * Socket options, by level and number (getsockopt(2), setsockopt(2)).
 */
#ifndef CSOCKET_OPTION_H
#define CSOCKET_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/* Reads an option into value; *size is its room before, and what was written after. */
CSOCK_API int csock_getsockopt(struct csock_socket *sock, int level, int option, void *value,
			       size_t *size);

/* Sets an option. value may be NULL, as some options want, while size still counts. */
CSOCK_API int csock_setsockopt(struct csock_socket *sock, int level, int option, const void *value,
			       size_t size);

/*
 * Options that are an integer: 32 bits wide, or 64 where the kernel has them so (on an AF_VSOCK
 * socket those at level AF_VSOCK). CSOCK_REFUSED_RANGE for a value that does not fit.
 */
CSOCK_API int csock_getsockopt_integer(struct csock_socket *sock, int level, int option,
				       int64_t *value);

/* Sets such an option: 0, or a failure. */
CSOCK_API int csock_setsockopt_integer(struct csock_socket *sock, int level, int option,
				       int64_t value);

CSOCK_END_DECLS

#endif
