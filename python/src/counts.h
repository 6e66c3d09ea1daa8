/*
 * The ints for numbers of bytes.
 *
 * The same ones come again and again: the size of a buffer, of a datagram, of a segment. A module
 * keeps those that it made last, in a table of fixed size, so that not every call makes one.
 */
#ifndef EXT_COUNTS_H
#define EXT_COUNTS_H

#include "state.h"

/* A new reference, or NULL with an exception. */
PyObject *count_to_python(struct module_state *state, Py_ssize_t count);

/* Gives up those that are kept. */
void counts_clear(struct module_state *state);

#endif
