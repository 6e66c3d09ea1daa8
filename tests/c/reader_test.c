/*
 * Reading all of a number of bytes, and the parts of a stream.
 */
#include "reader_pair.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void send_text(struct pair *pair, const char *text)
{
	size_t sent = 0;

	assert_int_equal(csock_send_all(&pair->a, text, strlen(text), 0, &sent, CSOCK_NOW), 0);
}

static void end(struct pair *pair)
{
	assert_int_equal(csock_shutdown(&pair->a, SHUT_WR), 0);
}

/* Asserts that the next part is this text. */
static void assert_part(struct pair *pair, const char *delimiter, const char *expected)
{
	char *data = NULL;
	ssize_t n = csock_recv_until(&pair->reader, delimiter, strlen(delimiter), &data, CSOCK_NOW);

	assert_int_equal(n, strlen(expected));
	assert_memory_equal(data, expected, (size_t)n);
	data[n - 1] = '\0';
}

static ssize_t next(struct pair *pair)
{
	char *data;

	return csock_recv_until(&pair->reader, "\n", 1, &data, CSOCK_NOW);
}

static void assert_rest(struct pair *pair, const char *expected)
{
	char *data;

	assert_int_equal(csock_reader_rest(&pair->reader, &data), strlen(expected));
	assert_memory_equal(data, expected, strlen(expected));
	assert_int_equal(csock_reader_rest(&pair->reader, &data), 0);
}

static void test_recv_all(void **state)
{
	struct pair *pair = *state;
	char buffer[8];
	size_t received = 0;

	send_text(pair, "abc");
	assert_errno(csock_recv_all(&pair->b, buffer, 5, 0, &received, CSOCK_NOW), EAGAIN);
	assert_int_equal(received, 3);
	assert_domain(csock_recv_all(&pair->b, buffer, 5, 0, &received,
				     csock_deadline_after(10 * MILLISECOND)),
		      CSOCK_TIMEOUT);
	send_text(pair, "defg");
	assert_int_equal(csock_recv_all(&pair->b, buffer, 5, MSG_WAITALL, &received, CSOCK_NOW), 0);
	assert_memory_equal(buffer, "abcde", 5);
	assert_int_equal(received, 5);
	/* Nothing more is asked for. */
	assert_int_equal(csock_recv_all(&pair->b, buffer, 5, 0, &received, CSOCK_NOW), 0);
	end(pair);
	received = 0;
	assert_domain(csock_recv_all(&pair->b, buffer, 5, 0, &received, CSOCK_NEVER), CSOCK_ENDED);
	assert_int_equal(received, 2);
	assert_memory_equal(buffer, "fg", 2);
	received = 0;
	assert_domain(csock_recv_all(&pair->b, buffer, 5, 0, &received, CSOCK_NEVER), CSOCK_ENDED);
	assert_int_equal(received, 0);
}

static void test_recv_all_refuses(void **state)
{
	struct pair *pair = *state;
	char buffer[8];
	size_t received = 9;

	send_text(pair, "abc");
	assert_refused(csock_recv_all(&pair->b, buffer, 8, 0, &received, CSOCK_NOW),
		       CSOCK_REFUSED_SIZE, 0);
	received = 0;
	assert_refused(csock_recv_all(&pair->b, buffer, 8, MSG_PEEK, &received, CSOCK_NOW),
		       CSOCK_REFUSED_UNKNOWN, 0);
	assert_refused(csock_recv_all(&pair->b, buffer, 8, MSG_TRUNC, &received, CSOCK_NOW),
		       CSOCK_REFUSED_UNKNOWN, 0);
	received = 9;
	assert_refused(csock_reader_recv_all(&pair->reader, buffer, 8, &received, CSOCK_NOW),
		       CSOCK_REFUSED_SIZE, 0);
	assert_int_equal(csock_recv(&pair->b, buffer, 8, 0, CSOCK_NOW), 3);
}

static void test_lines(void **state)
{
	struct pair *pair = *state;

	send_text(pair, "one\ntwo\n\nthr");
	assert_part(pair, "\n", "one\n");
	assert_part(pair, "\n", "two\n");
	assert_part(pair, "\n", "\n");
	assert_errno(next(pair), EAGAIN);
	send_text(pair, "ee\n");
	assert_part(pair, "\n", "three\n");
	end(pair);
	assert_int_equal(next(pair), 0);
	assert_int_equal(next(pair), 0);
}

/* A delimiter that arrives in pieces, at each place of the memory. */
static void test_a_delimiter_in_pieces(void **state)
{
	struct pair *pair = *state;

	for (int round = 0; round < 40; round++) {
		for (const char *c = "a\r\n\rb\r\n\r"; *c; c++) {
			send_text(pair, (char[]){*c, '\0'});
			char *data;
			assert_errno(
				csock_recv_until(&pair->reader, "\r\n\r\n", 4, &data, CSOCK_NOW),
				EAGAIN);
		}
		send_text(pair, "\nxy");
		assert_part(pair, "\r\n\r\n", "a\r\n\rb\r\n\r\n");
		assert_rest(pair, "xy");
		/* Another place next time. */
		send_text(pair, &"0123456789abcde"[round % 15]);
		char *data;
		assert_errno(csock_recv_until(&pair->reader, "~", 1, &data, CSOCK_NOW), EAGAIN);
		(void)csock_reader_rest(&pair->reader, &data);
	}
}

static void test_delimiters_of_zero_bytes(void **state)
{
	struct pair *pair = *state;
	char *data;

	assert_int_equal(csock_send(&pair->a, "ab\0\0c\0", 6, 0, CSOCK_NOW), 6);
	assert_int_equal(csock_recv_until(&pair->reader, "\0\0", 2, &data, CSOCK_NOW), 4);
	assert_memory_equal(data, "ab\0\0", 4);
	assert_int_equal(csock_recv_until(&pair->reader, "\0", 1, &data, CSOCK_NOW), 2);
	assert_refused(csock_recv_until(&pair->reader, "", 0, &data, CSOCK_NOW), CSOCK_REFUSED_SIZE,
		       0);
}

static void test_the_longest_line(void **state)
{
	struct pair *pair = *state;

	send_text(pair, "x\n0123456789abcde\n0123456789abcdef\nrest");
	assert_part(pair, "\n", "x\n");
	assert_part(pair, "\n", "0123456789abcde\n");
	assert_refused(next(pair), CSOCK_REFUSED_TOO_LONG, 0);
	assert_refused(next(pair), CSOCK_REFUSED_TOO_LONG, 0);
	assert_rest(pair, "0123456789abcdef");
	assert_part(pair, "\n", "\n");
	csock_reader_init(&pair->reader, &pair->b, NULL, 0);
	assert_refused(next(pair), CSOCK_REFUSED_TOO_LONG, 0);
}

static void test_the_end_within_a_line(void **state)
{
	struct pair *pair = *state;

	send_text(pair, "whole\ncut");
	end(pair);
	assert_part(pair, "\n", "whole\n");
	assert_domain(next(pair), CSOCK_ENDED);
	assert_domain(next(pair), CSOCK_ENDED);
	assert_rest(pair, "cut");
	assert_int_equal(next(pair), 0);
}

/* A head, and a body that is longer than the reader's memory. */
static void test_a_body(void **state)
{
	struct pair *pair = *state;
	char body[30], expected[] = "0123456789abcdefghijklmnopqrst";
	size_t received = 0;

	send_text(pair, "30\n");
	send_text(pair, expected);
	send_text(pair, "next\n");
	assert_part(pair, "\n", "30\n");
	assert_int_equal(csock_reader_recv(&pair->reader, body, 5, CSOCK_NOW), 5);
	received = 5;
	assert_int_equal(
		csock_reader_recv_all(&pair->reader, body, sizeof body, &received, CSOCK_NOW), 0);
	assert_memory_equal(body, expected, sizeof body);
	assert_part(pair, "\n", "next\n");
	send_text(pair, "0123");
	received = 0;
	assert_errno(csock_reader_recv_all(&pair->reader, body, 8, &received, CSOCK_NOW), EAGAIN);
	assert_int_equal(received, 4);
	send_text(pair, "4567");
	end(pair);
	assert_int_equal(csock_reader_recv_all(&pair->reader, body, 8, &received, CSOCK_NOW), 0);
	assert_memory_equal(body, "01234567", 8);
	received = 0;
	assert_domain(csock_reader_recv_all(&pair->reader, body, 8, &received, CSOCK_NOW),
		      CSOCK_ENDED);
	assert_int_equal(csock_reader_recv(&pair->reader, body, 8, CSOCK_NOW), 0);
}

/* What is left over needs no socket. */
static void test_closed(void **state)
{
	struct pair *pair = *state;
	char buffer[8];
	size_t received = 0;

	send_text(pair, "a\nb\ncd");
	assert_part(pair, "\n", "a\n");
	assert_int_equal(csock_close(&pair->b), 0);
	assert_part(pair, "\n", "b\n");
	assert_errno(next(pair), EBADF);
	assert_int_equal(csock_reader_recv(&pair->reader, buffer, 8, CSOCK_NEVER), 2);
	assert_errno(csock_reader_recv(&pair->reader, buffer, 8, CSOCK_NEVER), EBADF);
	assert_errno(csock_reader_recv_all(&pair->reader, buffer, 8, &received, CSOCK_NEVER),
		     EBADF);
}

#define ON_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_PAIR(test_recv_all),
		ON_PAIR(test_recv_all_refuses),
		ON_PAIR(test_lines),
		ON_PAIR(test_a_delimiter_in_pieces),
		ON_PAIR(test_delimiters_of_zero_bytes),
		ON_PAIR(test_the_longest_line),
		ON_PAIR(test_the_end_within_a_line),
		ON_PAIR(test_a_body),
		ON_PAIR(test_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
