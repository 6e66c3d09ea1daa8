/*
 * Reading among signals.
 */
#include "reader_pair.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 200000

/* Numbers in lines, in pieces of all sizes. A slow machine, which has no time for all, sends fewer.
 */
static void *send_numbers(void *sock)
{
	static char text[MANY * 7 + 1];
	size_t size = 0, sent = 0;
	unsigned int random = 1;
	intptr_t lines = 0;
	int status = 0;

	for (int i = 0; i < MANY; i++)
		size += (size_t)snprintf(text + size, 8, "%d\n", i);
	const int64_t end = csock_deadline_after(2000 * MILLISECOND);
	while (sent < size) {
		if (csock_clock() >= end)
			size = (size_t)(strchr(text + sent, '\n') + 1 - text);
		size_t piece = 1 + (random = random * 1103515245 + 12345) / 65536 % 40;
		size_t until = sent + piece < size ? sent + piece : size;
		do
			status = csock_send_all(sock, text, until, 0, &sent, CSOCK_NEVER);
		while (csock_status_domain(status) == CSOCK_INTERRUPTED);
		assert_int_equal(status, 0);
	}
	assert_int_equal(csock_shutdown(sock, SHUT_WR), 0);
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	return (void *)lines;
}

/* Signals and deadlines interrupt the calls; no byte is lost. */
static void read_in_a_storm(struct pair *pair, int64_t patience)
{
	pthread_t thread;
	void *lines;
	char *line;
	int count = 0;
	ssize_t n;

	assert_int_equal(pthread_create(&thread, NULL, send_numbers, &pair->a), 0);
	interrupt_every(MILLISECOND / 2);
	do {
		int64_t deadline = csock_deadline_after(patience);
		n = csock_recv_until(&pair->reader, "\n", 1, &line, deadline);
		if (n > 0) {
			line[n - 1] = '\0';
			assert_int_equal(atoi(line), count++);
		} else if (n < 0 && !csock_status_would_wait(n) &&
			   csock_status_domain(n) != CSOCK_TIMEOUT) {
			assert_domain(n, CSOCK_INTERRUPTED);
		}
	} while (n != 0);
	interrupt_every(0);
	assert_int_equal(pthread_join(thread, &lines), 0);
	assert_int_equal(count, (intptr_t)lines);
}

static void test_a_storm_without_a_deadline(void **state)
{
	read_in_a_storm(*state, -1);
}

static void test_a_storm_with_short_deadlines(void **state)
{
	read_in_a_storm(*state, MILLISECOND / 50);
}

static void test_a_storm_of_tries(void **state)
{
	read_in_a_storm(*state, 0);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_a_storm_without_a_deadline),
		ON_PAIR(test_a_storm_with_short_deadlines),
		ON_PAIR(test_a_storm_of_tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
