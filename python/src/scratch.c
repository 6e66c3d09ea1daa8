/*
 * Memory to receive into while it is not known how much will come.
 */
#include "scratch.h"

/* What the module has in the place of its piece, which it now gets. */
static char *exchange(struct module_state *state, char *scratch)
{
#ifdef Py_GIL_DISABLED
	return __atomic_exchange_n(&state->scratch, scratch, __ATOMIC_ACQ_REL);
#else
	char *former = state->scratch;

	state->scratch = scratch;
	return former;
#endif
}

char *scratch_take(struct module_state *state, size_t size)
{
	if (size > SCRATCH_SIZE)
		return PyMem_RawMalloc(size);
	char *scratch = exchange(state, NULL);

	return scratch ? scratch : PyMem_RawMalloc(SCRATCH_SIZE);
}

void scratch_give(struct module_state *state, char *scratch, size_t size)
{
	if (size <= SCRATCH_SIZE)
		scratch = exchange(state, scratch);
	if (scratch)
		PyMem_RawFree(scratch);
}
