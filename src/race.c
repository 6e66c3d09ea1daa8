/*
 * The engine of race.h.
 *
 * One of the attempts is in the caller's socket, so that another thread can end the race by closing
 * that socket. The others have sockets of their own. If the one in the caller's socket fails,
 * another one moves there.
 */
#include "race.h"

#include <errno.h>
#include <stdlib.h>

#include "csocket/deadline.h"
#include "csocket/poll.h"

#include "connecting.h"
#include "failure.h"
#include "platform/names.h"
#include "resolution.h"

struct racer {
	struct csock_resolved result;
	struct csock_socket own;
	struct csock_socket *sock;    /* where its attempt goes on; NULL before and after */
	struct csock_poll_item *item; /* what it waits with */
};

struct csi_race {
	struct csock_socket *sock; /* the caller's, during a call */
	int64_t delay;
	int64_t next_at;     /* when the next attempt is to begin */
	size_t next[2];      /* the next racer of the first one's family, and of the others */
	bool is_others_turn; /* the families take turns */
	int failure;         /* of the last one that failed */
	size_t count;
	struct csock_poll_item *items; /* as many as racers */
	struct racer racers[];
};

struct csi_race *csi_race_new(struct csock_resolution *resolution)
{
	size_t count = csi_resolution_left(resolution);
	struct csi_race *race = calloc(1, sizeof *race + count * sizeof race->racers[0]);

	if (!race)
		return NULL;
	race->items = calloc(count + 1, sizeof *race->items);
	if (!race->items) {
		free(race);
		return NULL;
	}
	race->count = count;
	race->next_at = CSOCK_NOW;
	race->failure = csock_status_make(CSOCK_RESOLVER, EAI_NONAME);
	for (size_t i = 0; i < count; i++)
		race->racers[i].result = *csock_resolution_next(resolution);
	return race;
}

void csi_race_free(struct csi_race *race)
{
	if (!race)
		return;
	for (size_t i = 0; i < race->count; i++)
		(void)csock_close(&race->racers[i].own); /* nothing was sent that could be lost */
	free(race->items);
	free(race);
}

/* The next racer of the first one's family, or of the others; NULL if none is left. */
static struct racer *next_of(struct csi_race *race, bool others)
{
	int first = race->racers[0].result.family;
	size_t *at = &race->next[others];

	while (*at < race->count && (race->racers[*at].result.family != first) != others)
		++*at;
	return *at < race->count ? &race->racers[*at] : NULL;
}

static bool is_any_left(struct csi_race *race)
{
	return race->count > 0 && (next_of(race, false) || next_of(race, true));
}

/* The racer whose turn it is. One is left. */
static struct racer *take_next(struct csi_race *race)
{
	bool others =
		next_of(race, race->is_others_turn) ? race->is_others_turn : !race->is_others_turn;
	struct racer *racer = next_of(race, others);

	race->next[others]++;
	race->is_others_turn = !others;
	return racer;
}

/* Any racer whose attempt goes on, or NULL. */
static struct racer *find_any(struct csi_race *race)
{
	for (size_t i = 0; i < race->count; i++)
		if (race->racers[i].sock)
			return &race->racers[i];
	return NULL;
}

/* Moves an attempt, or the connection, into the caller's socket: 0, or a failure. */
static int move_to_caller(struct csi_race *race, struct racer *racer)
{
	(void)csock_close(race->sock);
	int result = csock_move(race->sock, racer->sock);
	if (result == 0)
		racer->sock = race->sock;
	return result;
}

/* Notes that an attempt has failed: 0, or a failure that ends the race. */
static int lose(struct csi_race *race, struct racer *racer, int failure)
{
	struct csock_socket *lost = racer->sock;

	/* Another thread has closed the caller's socket. */
	if (lost == race->sock && csi_is_system(failure, EBADF))
		return failure;
	race->failure = failure;
	race->next_at = CSOCK_NOW;
	racer->sock = NULL;
	(void)csock_close(lost);
	struct racer *other = find_any(race);
	return other && lost == race->sock ? move_to_caller(race, other) : 0;
}

/* Notes how an attempt stands: 1 if it has connected, 0 to go on, or a failure that ends the race.
 */
static int note(struct csi_race *race, struct racer *racer, int status)
{
	if (csi_is_system(status, EINPROGRESS) || csi_is_system(status, EALREADY))
		return 0;
	if (status < 0)
		return lose(race, racer, status);
	status = racer->sock == race->sock ? 0 : move_to_caller(race, racer);
	return status < 0 ? status : 1;
}

static int begin(struct csi_race *race, struct racer *racer)
{
	const struct csock_resolved *result = &racer->result;

	racer->sock = find_any(race) ? &racer->own : race->sock;
	race->next_at = csock_deadline_after(race->delay);
	int status = csock_open(racer->sock, result->family, result->type, result->protocol);
	if (status == 0)
		status = csock_connect(racer->sock, &result->addr, CSOCK_NOW);
	return note(race, racer, status);
}

/* Begins the attempts that are due; the result is that of note(). */
static int begin_due(struct csi_race *race)
{
	int result = 0;

	while (result == 0 && is_any_left(race) &&
	       (!find_any(race) || csock_clock() >= race->next_at))
		result = begin(race, take_next(race));
	return result == 0 && !find_any(race) ? race->failure : result;
}

/* Waits until an attempt has ended, or the next one is due: the result of csock_poll, or 0. */
static int wait_for_any(struct csi_race *race, int64_t deadline)
{
	bool is_last = !is_any_left(race) || race->next_at > deadline;
	size_t count = 0;

	for (size_t i = 0; i < race->count; i++) {
		struct racer *racer = &race->racers[i];
		racer->item = racer->sock ? &race->items[count++] : NULL;
		if (racer->item)
			*racer->item =
				(struct csock_poll_item){.sock = racer->sock, .events = POLLOUT};
	}
	int result = csock_poll(race->items, count, is_last ? deadline : race->next_at);
	return !is_last && csock_status_domain(result) == CSOCK_TIMEOUT ? 0 : result;
}

/* Notes the attempts that have ended; the result is that of note(). */
static int note_ended(struct csi_race *race)
{
	int result = 0;

	for (size_t i = 0; i < race->count && result == 0; i++) {
		struct racer *racer = &race->racers[i];
		if (racer->sock && racer->item->ready)
			result = note(race, racer, csi_connection_result(racer->sock));
	}
	return result;
}

int csi_race_run(struct csi_race *race, struct csock_socket *sock, int64_t delay, int64_t deadline)
{
	int result;

	race->sock = sock;
	race->delay = delay;
	do {
		result = begin_due(race);
		if (result != 0)
			break;
		result = wait_for_any(race, deadline);
		if (result > 0)
			result = note_ended(race);
	} while (result == 0);
	return result > 0 ? 0 : result;
}
