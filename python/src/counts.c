/*
 * The ints for numbers of bytes.
 */
#include "counts.h"

#include "inlining.h"

APART static PyObject *make(struct kept_count *kept, Py_ssize_t count)
{
	PyObject *object = PyLong_FromSsize_t(count);

	if (OBJECTS_ARE_KEPT && object) {
		kept->count = count;
		Py_XSETREF(kept->object, Py_NewRef(object));
	}
	return object;
}

PyObject *count_to_python(struct module_state *state, Py_ssize_t count)
{
	struct kept_count *kept = &state->counts[(unsigned)count % COUNTS_KEPT];

	if (LIKELY(kept->object && kept->count == count))
		return Py_NewRef(kept->object);
	return make(kept, count);
}

void counts_clear(struct module_state *state)
{
	for (int i = 0; i < COUNTS_KEPT; i++)
		Py_CLEAR(state->counts[i].object);
}
