/*
 * Socket options, by level and number (getsockopt(2), setsockopt(2)).
 *
 * Sizes are in bytes. A size above INT_MAX is CSOCK_REFUSED_SIZE.
 */
#ifndef CSOCKET_OPTION_H
#define CSOCKET_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/*
 * Reads an option into value: 0, or a failure. Set *size to the room in value; it gets the size of
 * the option.
 */
CSOCK_API int csock_getsockopt(struct csock_socket *sock, int level, int option, void *value,
			       size_t *size);

/* Sets an option: 0, or a failure. Some options take NULL as value, with a size. */
CSOCK_API int csock_setsockopt(struct csock_socket *sock, int level, int option, const void *value,
			       size_t size);

/*
 * Reads an option that is an integer: 0, or a failure. Such options have 32 bits, or 64 at the
 * family's own level if its row has wide_options (AF_VSOCK).
 */
CSOCK_API int csock_get_int(struct csock_socket *sock, int level, int option, int64_t *value);

/* Sets an option that is an integer: 0, or a failure; CSOCK_REFUSED_RANGE if value does not fit. */
CSOCK_API int csock_set_int(struct csock_socket *sock, int level, int option, int64_t value);

CSOCK_END_DECLS

#endif
