/*
 * The types that the module makes, each once, and how sockets are pickled.
 */
#ifndef EXT_TYPES_H
#define EXT_TYPES_H

#include "socket/object.h"
#include "state.h"

/* socket.c: both socket types: 0, or -1 with an exception. */
int sock_add_types(PyObject *module);

/* file.c: SocketIO, registered with io.RawIOBase: 0, or -1 with an exception. */
int socket_io_add_type(PyObject *module);

#define MULTIPROCESSING_REDUCTION "multiprocessing.reduction"

/* other_process_*.c: what multiprocessing pickles, a tuple; and _rebuild_socket(), which reads it.
 */
PyObject *reduce_for_child(struct socket_object *self);
extern PyMethodDef other_process_functions[];

#endif
