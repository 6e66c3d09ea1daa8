/*
 * Whether threads take turns in calls on sockets.
 */
#include "gil/sharing.h"

#include "csocket/deadline.h"

/* The number of calls of a thread that release the GIL before it checks again. */
#define CALLS_PER_LOOK 16
/* The number of checks by one thread, with none by another between, before it keeps the GIL. */
#define LOOKS_AFTER_TURN 32
/* Threads that only call return the GIL in some µs. A longer wait means that a thread computes. */
#define LONG_WAIT_NS 1000000
/* After that, calls keep the GIL for this many turns, in which one wait of 5 ms costs little. */
#define TURNS_AFTER_LONG_WAIT 64

/* The number of calls of this thread that release the GIL before it checks again. */
static _Thread_local unsigned calls_to_release;

void gil_allow_keeping(struct gil_sharing *sharing, bool may_be_kept)
{
	RELAXED_STORE(&sharing->never_kept, !may_be_kept);
	sharing->keeper = NULL;
}

/* Notes that the turn has passed to this thread. */
static void note_turn(struct gil_sharing *sharing)
{
	bool is_first = !sharing->caller;

	sharing->caller = this_thread();
	sharing->keeper = NULL;
	if (sharing->turns_to_ignore > 0)
		sharing->turns_to_ignore--;
	else if (!is_first)
		sharing->looks_to_release = LOOKS_AFTER_TURN;
}

bool gil_is_kept_slowly(struct gil_sharing *sharing)
{
	if (sharing->never_kept)
		return false;
	if (calls_to_release > 0 && sharing->turns_to_ignore == 0) {
		calls_to_release--;
		return false;
	}
	sharing->looks++;
	if (sharing->caller != this_thread())
		note_turn(sharing);
	if (sharing->looks_to_release == 0) {
		sharing->keeper = this_thread();
		return true;
	}
	sharing->looks_to_release--;
	calls_to_release = CALLS_PER_LOOK - 1;
	return false;
}

struct gil_release gil_give(const struct gil_sharing *sharing)
{
	struct gil_release release = {.looks = sharing->looks};

	if (gil_has_no_taker(sharing))
		return release;
	release.is_measured = calls_to_release == CALLS_PER_LOOK - 1;
	release.thread = PyEval_SaveThread();
	return release;
}

/*
 * Whether a thread that computes had the GIL for long: no thread keeps it for its calls, and the
 * threads that checked meanwhile do not explain the wait.
 */
static bool has_waited_long(const struct gil_sharing *sharing, int64_t waited, unsigned looks)
{
	return !sharing->keeper && waited / LONG_WAIT_NS > (int64_t)(sharing->looks - looks);
}

void gil_take(struct gil_sharing *sharing, struct gil_release release)
{
	if (!release.thread)
		return;
	int64_t since = release.is_measured ? csock_clock() : 0;
	PyEval_RestoreThread(release.thread);
	if (!release.is_measured || !has_waited_long(sharing, csock_clock() - since, release.looks))
		return;
	sharing->looks_to_release = 0;
	sharing->turns_to_ignore = TURNS_AFTER_LONG_WAIT;
}
