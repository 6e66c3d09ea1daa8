/*
 * Two connected sockets, and a reader of one of them.
 */
#ifndef TEST_READER_PAIR_H
#define TEST_READER_PAIR_H

#include "support.h"

struct pair {
	struct csock_socket a;
	struct csock_socket b;
	struct csock_reader reader; /* of b */
	char memory[16];
};

/* What begins and ends a test; *state is the pair. */
int open_pair(void **state);
int close_pair(void **state);

#endif
