/*
 * The tuples that calls return.
 */
#include "reuse/tuples.h"

#include "compat.h"
#include "inlining.h"

PyObject *tuple_of_items(PyObject *const *items, size_t count)
{
	bool is_whole = true;

	for (size_t i = 0; i < count; i++)
		is_whole = is_whole && items[i];
	PyObject *tuple = is_whole ? PyTuple_New((Py_ssize_t)count) : NULL;
	for (size_t i = 0; i < count; i++)
		if (tuple)
			PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, items[i]);
		else
			Py_XDECREF(items[i]);
	return tuple;
}

/* Makes another tuple and keeps it; NULL if one of the items is NULL. */
APART static PyObject *renew(struct reuse *reuse, PyObject *const *items, size_t count)
{
	PyObject *tuple = tuple_of_items(items, count);

	if (tuple && reuse_keeps(reuse, REUSE_TUPLES)) {
		tuple_hide(tuple);
		Py_XSETREF(reuse->tuples[count], Py_NewRef(tuple));
	}
	return tuple;
}

PyObject *tuple_kept_of(struct reuse *reuse, PyObject *const *items, size_t count)
{
	PyObject *tuple = reuse->tuples[count];
	bool is_whole = true;

	for (size_t i = 0; i < count; i++)
		is_whole = is_whole && items[i];
	if (UNLIKELY(!is_whole || !tuple || Py_REFCNT(tuple) != 1))
		return renew(reuse, items, count);
	Py_INCREF(tuple);
	tuple_forget_hash(tuple);
	for (size_t i = 0; i < count; i++) {
		PyObject *former = PyTuple_GET_ITEM(tuple, (Py_ssize_t)i);
		PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, items[i]);
		Py_DECREF(former);
	}
	return tuple;
}
