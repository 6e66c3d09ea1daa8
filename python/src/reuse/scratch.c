/*
 * Memory to receive into while the size of the data is unknown.
 */
#include "reuse/scratch.h"

#include "compat.h"

char *scratch_take(struct reuse *reuse, size_t size)
{
	if (size > SCRATCH_SIZE)
		return PyMem_RawMalloc(size);
	char *scratch = EXCHANGE(&reuse->scratch, NULL);

	return scratch ? scratch : PyMem_RawMalloc(SCRATCH_SIZE);
}

void scratch_give(struct reuse *reuse, char *scratch, size_t size)
{
	if (size <= SCRATCH_SIZE && reuse_keeps(reuse, REUSE_SCRATCH))
		scratch = EXCHANGE(&reuse->scratch, scratch);
	if (scratch)
		PyMem_RawFree(scratch);
}
