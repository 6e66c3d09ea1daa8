/*
 * The ints for numbers of bytes.
 */
#include "reuse/ints.h"

#include "inlining.h"

APART static PyObject *make(struct reuse *reuse, struct reuse_int *kept, Py_ssize_t size)
{
	PyObject *object = PyLong_FromSsize_t(size);

	if (object && reuse_keeps(reuse, REUSE_INTS)) {
		kept->value = size;
		Py_XSETREF(kept->object, Py_NewRef(object));
	}
	return object;
}

PyObject *int_of_size(struct reuse *reuse, Py_ssize_t size)
{
	struct reuse_int *kept = &reuse->ints[(unsigned)size % REUSE_INTS_COUNT];

	if (LIKELY(kept->object && kept->value == size))
		return Py_NewRef(kept->object);
	return make(reuse, kept, size);
}
