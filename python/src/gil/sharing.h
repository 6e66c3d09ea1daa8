/*
 * Whether threads take turns in calls on sockets. If they do, these calls release the GIL.
 *
 * If only one thread calls, it keeps the GIL: beside a thread that computes, it would wait a switch
 * interval (5 ms) to get it back. If several threads call, they gain by releasing it: their system
 * calls run side by side, and a thread that a call wakes finds the GIL free. Two observations tell
 * these cases apart: which threads call, and how long it takes to get the GIL back. If that takes
 * too long, calls keep the GIL again for many turns.
 *
 * Each thread checks only now and then which thread checked before it, because a check writes to
 * memory that other processors read. struct gil_sharing is used with the GIL held.
 */
#ifndef EXT_GIL_SHARING_H
#define EXT_GIL_SHARING_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>

#include "csocket/binding.h"

#include "compat.h"
#include "inlining.h"

struct gil_sharing {
	const void *keeper;        /* the thread whose calls keep the GIL; NULL for none */
	const void *caller;        /* the thread that checked last */
	unsigned looks;            /* checks so far; may wrap around */
	unsigned looks_to_release; /* checks left before a thread keeps the GIL */
	unsigned turns_to_ignore;
	bool never_kept; /* gil_policy("release") sets it */
};

/* The GIL, while it is released. */
struct gil_release {
	PyThreadState *thread; /* NULL if the GIL stayed held: no other thread could take it */
	bool is_measured;
	unsigned looks;
};

/* gil_is_kept for every thread but the one whose calls keep the GIL. */
APART bool gil_is_kept_slowly(struct gil_sharing *sharing);

/* Whether this call, which need not wait, should keep the GIL. */
static inline bool gil_is_kept(struct gil_sharing *sharing)
{
	if (!HAS_GIL)
		return !RELAXED_LOAD(&sharing->never_kept);
	return LIKELY(sharing->keeper == this_thread()) || gil_is_kept_slowly(sharing);
}

/* Chooses whether calls ever keep the GIL. */
void gil_allow_keeping(struct gil_sharing *sharing, bool may_be_kept);

/* Whether releasing the GIL is useless: no other thread exists, and the policy allows keeping. */
static inline bool gil_has_no_taker(const struct gil_sharing *sharing)
{
	return csock_is_single_threaded() && !RELAXED_LOAD(&sharing->never_kept);
}

/* Releases the GIL for a call that may wait, and takes it again. */
struct gil_release gil_give(const struct gil_sharing *sharing);
void gil_take(struct gil_sharing *sharing, struct gil_release release);

#endif
