/*
 * Two connected sockets, and a reader of one of them.
 */
#include "reader_pair.h"

int open_pair(void **state)
{
	static struct pair pair;

	pair = (struct pair){.a = CSOCK_SOCKET_INIT};
	csock_reader_init(&pair.reader, &pair.b, pair.memory, sizeof pair.memory);
	*state = &pair;
	return csock_open_pair(&pair.a, &pair.b, pair_family(), SOCK_STREAM, 0);
}

int close_pair(void **state)
{
	struct pair *pair = *state;

	return csock_close(&pair->a) < 0 || csock_close(&pair->b) < 0;
}
