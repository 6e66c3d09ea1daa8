/*
 * Hints to the compiler for the functions that every call goes through.
 */
#ifndef CSI_INLINING_H
#define CSI_INLINING_H

/* Never inlines a function that is seldom called, and treats calls of it as unlikely. */
#define CSI_COLD __attribute__((noinline, cold))

/* Never inlines a long function. */
#define CSI_APART __attribute__((noinline))

/* Omits the stack protector, in functions that most calls go through: see docs/architecture.md. */
#if __has_attribute(no_stack_protector)
#define CSI_UNGUARDED __attribute__((no_stack_protector))
#else
#define CSI_UNGUARDED
#endif

/* Always inlines a function: the few lines that every call needs. */
#define CSI_INLINE static inline __attribute__((always_inline))

#endif
