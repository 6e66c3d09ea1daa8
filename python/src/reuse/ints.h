/*
 * The ints for numbers of bytes.
 *
 * The same ones come again and again: the size of a buffer, of a datagram, of a segment. A module
 * keeps those that it made last, in a table of fixed size, so that not every call makes one.
 */
#ifndef EXT_REUSE_INTS_H
#define EXT_REUSE_INTS_H

#include "reuse/reuse.h"

/* The int for a number of bytes: a new reference, or NULL with an exception. */
PyObject *int_of_size(struct reuse *reuse, Py_ssize_t size);

#endif
