/*
 * Batches of numbers, each in its own message.
 */
#ifndef TEST_BATCH_H
#define TEST_BATCH_H

#include "support.h"

/*
 * More messages than the kernel accepts in a call; and a number that every UDP socket has room for.
 */
#define MANY 1500
#define SEVERAL 250

#define PATIENCE (20000 * MILLISECOND)

/* Numbers to send, each in its own message, and room to receive them. */
struct batch {
	uint32_t numbers[MANY];
	struct csock_buffer buffers[MANY];
	struct csock_outgoing outgoing[MANY];
	struct csock_incoming incoming[MANY];
};

/* Buffers for all numbers, which are in order, and messages to an address or to the peer. */
void prepare_batch(struct batch *batch, const struct csock_addr *to);

/* Receives the numbers from first to last. No message must follow. */
void assert_numbers(struct csock_socket *sock, uint32_t first, uint32_t last);

#endif
