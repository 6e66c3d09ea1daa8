/*
 * Hints to the compiler for the functions that every call goes through.
 */
#ifndef CSI_INLINING_H
#define CSI_INLINING_H

/* Keeps a function that is seldom called out of its callers, and its branch unlikely. */
#define CSI_COLD __attribute__((noinline, cold))

/* Keeps a long function out of its callers. */
#define CSI_APART __attribute__((noinline))

/* Drops the stack protector in calls that wait: see docs/architecture.md. */
#if __has_attribute(no_stack_protector)
#define CSI_UNGUARDED __attribute__((no_stack_protector))
#else
#define CSI_UNGUARDED
#endif

/* Inlines the few lines that every call needs. */
#define CSI_INLINE static inline __attribute__((always_inline))

#endif
