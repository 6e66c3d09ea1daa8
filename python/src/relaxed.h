/*
 * Fields that one thread changes while another looks at them.
 *
 * RELAXED is for fields whose order does not matter. ORDERED is for a pair of fields: one thread
 * changes the first and then reads the second, while another changes the second and then reads the
 * first. At least one of the two threads sees the other's change.
 *
 * With a GIL, plain accesses do, because the GIL keeps the threads apart. An atomic access would be
 * no slower, but the compiler makes more instructions around it.
 */
#ifndef EXT_RELAXED_H
#define EXT_RELAXED_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef Py_GIL_DISABLED
#define RELAXED_LOAD(place) __atomic_load_n((place), __ATOMIC_RELAXED)
#define RELAXED_STORE(place, value) __atomic_store_n((place), (value), __ATOMIC_RELAXED)
#define ORDERED_LOAD(place) __atomic_load_n((place), __ATOMIC_SEQ_CST)
#define ORDERED_STORE(place, value) __atomic_store_n((place), (value), __ATOMIC_SEQ_CST)
#else
#define RELAXED_LOAD(place) (*(place))
#define RELAXED_STORE(place, value) ((void)(*(place) = (value)))
#define ORDERED_LOAD(place) RELAXED_LOAD(place)
#define ORDERED_STORE(place, value) RELAXED_STORE(place, value)
#endif

#endif
