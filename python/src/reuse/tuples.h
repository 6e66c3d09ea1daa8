/*
 * The tuples that calls return.
 *
 * Most callers drop the tuple before the next call: "data, address = recvfrom()" unpacks it at
 * once. So a module keeps the last tuple of each length, and returns it again.
 */
#ifndef EXT_REUSE_TUPLES_H
#define EXT_REUSE_TUPLES_H

#include "reuse/reuse.h"

/* A tuple of objects, which it steals. NULL if one of them is NULL, or there is no memory. */
#define tuple_of(...)                                                                              \
	tuple_of_items((PyObject *[]){__VA_ARGS__},                                                \
		       sizeof((PyObject *[]){__VA_ARGS__}) / sizeof(PyObject *))
PyObject *tuple_of_items(PyObject *const *items, size_t count);

/*
 * Untracks a tuple that refers to nothing but str, bytes, int and such tuples, as the garbage
 * collector itself would do later. So gc.get_objects() does not show the tuples that are kept.
 * Without a GIL, only for a tuple that no other thread has.
 */
static inline void tuple_hide(PyObject *tuple)
{
	PyObject_GC_UnTrack(tuple);
}

/*
 * A tuple of at most REUSE_TUPLE_MAX objects, which it steals; NULL if one of them is NULL. Each
 * must be of a type that tuple_hide() allows, and lives until the kept tuple is reused.
 */
#define tuple_kept(reuse, ...)                                                                     \
	tuple_kept_of((reuse), (PyObject *[]){__VA_ARGS__},                                        \
		      sizeof((PyObject *[]){__VA_ARGS__}) / sizeof(PyObject *))
PyObject *tuple_kept_of(struct reuse *reuse, PyObject *const *items, size_t count);

#endif
