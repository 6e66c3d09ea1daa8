/*
 * What the compiler is told about the way of a call.
 */
#ifndef CSI_INLINING_H
#define CSI_INLINING_H

/* For what is called seldom: its callers are small without it, and the branch to it is unlikely. */
#define CSI_COLD __attribute__((noinline, cold))

/* For what is long anyway. */
#define CSI_APART __attribute__((noinline))

/* Drops the stack protector in calls that wait: see docs/architecture.md. */
#if __has_attribute(no_stack_protector)
#define CSI_UNGUARDED __attribute__((no_stack_protector))
#else
#define CSI_UNGUARDED
#endif

/* For the few lines that every call has. */
#define CSI_INLINE static inline __attribute__((always_inline))

#endif
