/*
 * A resolver that answers when the test lets it, in place of the system's.
 */
#ifndef TEST_SLOW_RESOLVER_H
#define TEST_SLOW_RESOLVER_H

#include "support.h"

#define SHORT (20 * MILLISECOND)
#define GIVEN_UP_MAX 64

/* What it returns. */
extern int answer_code;

/* A fixture: nobody has asked yet. */
int reset_resolver(void **state);

/* Lets it answer once; and waits until it was asked. */
void let_answer(void);
void wait_until_asked(void);

/* How many answers were freed. */
int count_freed(void);

/* A deadline, and a look-up until then: 0, or its failure. */
int64_t after(int64_t nanoseconds);
int look_up(int64_t deadline);

/* Lets look-ups that were given up end, and waits until they have freed what they held. */
void let_end(int count);

#endif
