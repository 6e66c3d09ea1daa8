/*
 * Received ancillary data as Python objects.
 */
#ifndef EXT_ANCILLARY_H
#define EXT_ANCILLARY_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "csocket/csocket.h"

/* Raises ValueError if a buffer for ancillary data cannot have this size: 0, or -1. */
int ancillary_check_room(Py_ssize_t size);

/*
 * The list of (level, type, data) that the kernel wrote. Issues a RuntimeWarning if an item is cut
 * off.
 */
PyObject *ancillary_to_python(const struct csock_received *received);

/* Closes the received descriptors. If the program never gets their numbers, they would leak. */
void ancillary_close_rights(struct csock_received *received);

#endif
