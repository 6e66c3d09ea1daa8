/*
 * Random valid addresses of any row of the family table.
 */
#ifndef TEST_SAMPLE_H
#define TEST_SAMPLE_H

#include "support.h"

/* Room for the longest text that a sample gives, with its final zero. */
#define SAMPLE_TEXT_MAX 128

/* Values, and those that decoding gives back. Texts point into the sample: do not move it. */
struct sample {
	const struct csock_family *row;
	size_t count;
	struct csock_value values[CSOCK_VALUES_MAX];
	size_t decoded_count;
	struct csock_value decoded[CSOCK_VALUES_MAX];
	char given_text[CSOCK_VALUES_MAX][SAMPLE_TEXT_MAX];
	char decoded_text[CSOCK_VALUES_MAX][SAMPLE_TEXT_MAX];
};

/* A group's setup: seeds the numbers from CSOCKET_SEED or the time, and prints the seed. */
int sample_seed(void **state);

/* Makes count values, from row->required to row->field_count. */
void sample_fill(struct sample *sample, const struct csock_family *row, size_t count);

/* The most bytes that a field of text or bytes holds; 0 if its length has no limit. */
size_t sample_longest(const struct csock_family *row, const struct csock_field *field);

/* Whether a field accepts values of a kind. */
bool sample_takes(const struct csock_field *field, enum csock_value_kind kind);

#endif
