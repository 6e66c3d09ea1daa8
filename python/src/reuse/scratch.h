/*
 * Memory to receive into while it is not known how much will come.
 *
 * A module has one piece, which is lent to one call at a time. Where it is out, which is while
 * another thread waits for its data, or too small, another piece is allocated.
 */
#ifndef EXT_REUSE_SCRATCH_H
#define EXT_REUSE_SCRATCH_H

#include "reuse/reuse.h"

/* In bytes: what asyncio, and whoever reads "a lot", asks for. */
#define SCRATCH_SIZE 262144

/* Up to here an object is allocated faster than bytes are copied once more. */
#define SCRATCH_WORTHWHILE 512

/* At least size bytes; NULL if there is no memory, without an exception. */
char *scratch_take(struct reuse *reuse, size_t size);

/* Gives back what was taken for that size. */
void scratch_give(struct reuse *reuse, char *scratch, size_t size);

#endif
