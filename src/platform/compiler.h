/*
 * Hints to the compiler for the functions that every call goes through, and what differs between
 * compilers.
 */
#ifndef CSI_PLATFORM_COMPILER_H
#define CSI_PLATFORM_COMPILER_H

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

/*
 * Reads a byte that threads share, whole. For GCC a volatile read is as good as an atomic one, and
 * leaves it more registers; its TSan wants the atomic one.
 */
#if defined(__SANITIZE_THREAD__) || defined(__clang__)
#define CSI_LOAD_BYTE(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#else
#define CSI_LOAD_BYTE(field) (*(const volatile __typeof__(field) *)&(field))
#endif

/* Whether this is a debug build, with checks that cost time. */
#ifdef NDEBUG
#define CSI_DEBUG 0
#else
#define CSI_DEBUG 1
#endif

/* Inlines the few lines that every call needs. */
#define CSI_INLINE static inline __attribute__((always_inline))

#endif
