/*
 * Memory to receive into while the size of the data is unknown.
 *
 * A module has one piece, and lends it to one call at a time. If another thread waits for data with
 * it, or if it is too small, the call allocates a piece of its own.
 */
#ifndef EXT_REUSE_SCRATCH_H
#define EXT_REUSE_SCRATCH_H

#include "reuse/reuse.h"

/* In bytes: the size that asyncio and many other programs ask for. */
#define SCRATCH_SIZE 262144

/* In bytes: up to this size, allocating an object is faster than copying the data once more. */
#define SCRATCH_WORTHWHILE 512

/* At least size bytes; NULL without an exception if there is no memory. */
char *scratch_take(struct reuse *reuse, size_t size);

/* Gives back what was taken for that size. */
void scratch_give(struct reuse *reuse, char *scratch, size_t size);

#endif
