/*
 * sendfile() by a function that copies nothing: os.sendfile(), or _ssl's if the kernel does TLS.
 */
#ifndef EXT_SENDFILE_ZEROCOPY_H
#define EXT_SENDFILE_ZEROCOPY_H

#include <stdbool.h>

#include "state.h"

/* All references are borrowed. */
struct zerocopy {
	PyObject *function; /* takes the file's descriptor, an offset and a size */
	bool takes_socket;  /* and before them the socket's descriptor */
	PyObject *give_up;  /* the type to raise for a file that it cannot send */
};

/*
 * Sends a file over any object with fileno() and gettimeout(). parameters are those of
 * file_range_take(). The number of bytes sent, an int; or NULL with an exception.
 */
PyObject *zerocopy_send(struct module_state *state, PyObject *sock, const struct zerocopy *zerocopy,
			PyObject *const *parameters);

#endif
