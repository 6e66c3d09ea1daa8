/*
 * Memory to receive into while it is not known how much will come.
 */
#include "scratch.h"

/* By atomic exchange, since there may be no GIL. */
char *scratch_take(struct module_state *state, size_t size)
{
	if (size > SCRATCH_SIZE)
		return PyMem_RawMalloc(size);
	char *scratch = __atomic_exchange_n(&state->scratch, NULL, __ATOMIC_ACQUIRE);

	return scratch ? scratch : PyMem_RawMalloc(SCRATCH_SIZE);
}

void scratch_give(struct module_state *state, char *scratch, size_t size)
{
	if (size <= SCRATCH_SIZE)
		scratch = __atomic_exchange_n(&state->scratch, scratch, __ATOMIC_RELEASE);
	PyMem_RawFree(scratch);
}
