/*
 * Arguments that C functions take as a text or as an unsigned number.
 */
#ifndef EXT_SCALARS_H
#define EXT_SCALARS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdint.h>

/*
 * A str as UTF-8 with a final zero, borrowed from it. NULL with TypeError for other types, and
 * ValueError for a text with a null character inside. which names the argument, as in "argument 2".
 */
const char *argument_text(const char *function, const char *which, PyObject *object);

/*
 * A number from 0 to maximum: 0, or -1 with an exception. A negative number is a ValueError
 * from CPython 3.14 on and an OverflowError before, as in the socket module of the interpreter.
 * type is the name of the C type whose largest value is maximum.
 */
int argument_unsigned(const char *type, PyObject *object, uint32_t maximum, uint32_t *value);

#endif
