/*
 * Hints to the compiler for the few methods that are called most.
 *
 * After a system call the processor's caches hold the kernel's code. So the number of cache lines
 * that a call needs matters more than the number of instructions.
 */
#ifndef EXT_INLINING_H
#define EXT_INLINING_H

#include "compat.h"

/* Inlines every function that this one calls, those of the library too. */
#define IN_ONE_PIECE UNGUARDED __attribute__((flatten))

/* Keeps a function that is seldom needed out of its callers. */
#define ASIDE __attribute__((noinline, cold))
/* Keeps a long function out of its callers. */
#define APART __attribute__((noinline))

#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#endif
