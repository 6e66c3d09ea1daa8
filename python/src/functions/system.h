/*
 * The functions that only some systems have. meson.build chooses the file with their tables.
 */
#ifndef EXT_FUNCTIONS_SYSTEM_H
#define EXT_FUNCTIONS_SYSTEM_H

#include "state.h"

/* Tables of functions; ends with NULL. */
extern PyMethodDef *const system_functions[];

/* The package's own functions, where _csocket has others of the same names. */
extern PyMethodDef system_package_functions[];

/* Adds what is not a function: 0, or -1 with an exception. */
int system_add(PyObject *module);

#endif
