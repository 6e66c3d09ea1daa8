/*
 * Batches of numbers, each in its own message.
 */
#include "batch.h"

#include <errno.h>
#include <string.h>

void prepare_batch(struct batch *batch, const struct csock_addr *to)
{
	memset(batch, 0, sizeof *batch);
	for (uint32_t i = 0; i < MANY; i++) {
		batch->numbers[i] = i;
		batch->buffers[i] = (struct csock_buffer){&batch->numbers[i], sizeof(uint32_t)};
		batch->outgoing[i].buffers = batch->incoming[i].buffers = &batch->buffers[i];
		batch->outgoing[i].count = batch->incoming[i].count = 1;
		batch->outgoing[i].to = to;
	}
}

void assert_numbers(struct csock_socket *sock, uint32_t first, uint32_t last)
{
	const int64_t deadline = csock_deadline_after(PATIENCE);
	static struct batch in;

	while (first < last) {
		prepare_batch(&in, NULL);
		ssize_t n = csock_recvmmsg(sock, in.incoming, MANY, 0, deadline);
		assert_true(n > 0);
		for (ssize_t i = 0; i < n; i++, first++) {
			assert_int_equal(in.incoming[i].length, sizeof first);
			assert_int_equal(in.numbers[i], first);
		}
	}
	assert_int_equal(first, last);
	assert_errno(csock_recvmmsg(sock, in.incoming, MANY, 0, CSOCK_NOW), EAGAIN);
}
