/*
 * Fields that one thread changes while another looks at them, each of which stands for itself.
 *
 * Where there is a GIL it keeps the threads apart. An atomic access would be no slower, but the
 * compiler makes more instructions around it.
 */
#ifndef EXT_RELAXED_H
#define EXT_RELAXED_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef Py_GIL_DISABLED
#define RELAXED_LOAD(place) __atomic_load_n((place), __ATOMIC_RELAXED)
#define RELAXED_STORE(place, value) __atomic_store_n((place), (value), __ATOMIC_RELAXED)
#else
#define RELAXED_LOAD(place) (*(place))
#define RELAXED_STORE(place, value) ((void)(*(place) = (value)))
#endif

#endif
