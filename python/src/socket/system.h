/*
 * What sockets have on some systems only. meson.build chooses the file that implements it.
 */
#ifndef EXT_SOCKET_SYSTEM_H
#define EXT_SOCKET_SYSTEM_H

#include "socket/object.h"

/*
 * Opens the socket if the constructor's fileno stands for a socket of another process, with its
 * audit event: 1; 0 if it does not; -1 with an exception.
 */
int share_open(struct socket_object *self, PyObject *fileno);

/* The methods of both types that only this system has, beside those of types/methods.c. */
extern PyMethodDef sock_system_methods[];

#endif
