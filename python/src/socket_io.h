/*
 * SocketIO: the raw file that makefile() puts its buffers on.
 */
#ifndef EXT_SOCKET_IO_H
#define EXT_SOCKET_IO_H

#include "state.h"

/* Makes the type, a subclass of io.RawIOBase, for the module: -1 with an exception. */
int socket_io_add_type(PyObject *module);

#endif
