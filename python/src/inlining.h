/*
 * What the compiler is told about the way of a call, for the few methods that are called most.
 *
 * After a system call the processor's caches hold the kernel. What counts then is not how many
 * instructions follow but in how many places they are.
 */
#ifndef EXT_INLINING_H
#define EXT_INLINING_H

/* Drops the stack protector, which is measurable in the shortest calls (docs/architecture.md). */
#if __has_attribute(no_stack_protector)
#define UNGUARDED __attribute__((no_stack_protector))
#else
#define UNGUARDED
#endif

/* A function in one piece: all that it calls is inlined, what the library does as well. */
#define IN_ONE_PIECE UNGUARDED __attribute__((flatten))

/* But not what is seldom needed, */
#define ASIDE __attribute__((noinline, cold))
/* or is long anyway. */
#define APART __attribute__((noinline))

#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#endif
