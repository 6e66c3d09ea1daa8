/*
 * The ints for numbers of bytes.
 *
 * The same numbers come again and again: the size of a buffer, a datagram or a segment. So a module
 * keeps the ints that it made last, in a table of fixed size.
 */
#ifndef EXT_REUSE_INTS_H
#define EXT_REUSE_INTS_H

#include "reuse/reuse.h"

/* The int for a number of bytes: a new reference, or NULL with an exception. */
PyObject *int_of_size(struct reuse *reuse, Py_ssize_t size);

#endif
