/*
 * Reading as much of a stream as a program asks for.
 */
#include "csocket/reader.h"

#include <assert.h>
#include <string.h>

#include "csocket/transfer.h"

#include "failure.h"
#include "platform/names.h"

int csock_recv_all(struct csock_socket *sock, void *buffer, size_t size, int flags,
		   size_t *received, int64_t deadline)
{
	CSI_NEED(sock);
	size_t ignored = 0;

	if (!received)
		received = &ignored;
	if (*received > size)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	if (flags & (MSG_PEEK | MSG_TRUNC))
		return csock_status_refuse(CSOCK_REFUSED_UNKNOWN, 0);
	while (*received < size) {
		ssize_t n = csock_recv(sock, (char *)buffer + *received, size - *received,
				       flags & ~MSG_WAITALL, deadline);
		if (n <= 0)
			return n < 0 ? (int)n : csock_status_make(CSOCK_ENDED, 0);
		*received += (size_t)n;
	}
	return 0;
}

void csock_reader_init(struct csock_reader *reader, struct csock_socket *sock, void *memory,
		       size_t size)
{
	assert(reader && sock);
	*reader = (struct csock_reader){.sock = sock, .memory = memory, .size = size};
}

/* Where the bytes are that are left over. Memory of no bytes may be NULL, to which nothing adds. */
static char *first(const struct csock_reader *reader)
{
	return reader->size > 0 ? reader->memory + reader->start : reader->memory;
}

static size_t left_over(const struct csock_reader *reader)
{
	return reader->end - reader->start;
}

/* Receives behind what is left over: as csock_recv, or CSOCK_REFUSED_TOO_LONG without room. */
static ssize_t fill(struct csock_reader *reader, int64_t deadline)
{
	size_t left = left_over(reader);

	if (left == reader->size)
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 0);
	if (reader->start > 0) {
		memmove(reader->memory, reader->memory + reader->start, left);
		reader->start = 0;
		reader->end = left;
	}
	ssize_t n =
		csock_recv(reader->sock, reader->memory + left, reader->size - left, 0, deadline);
	if (n > 0)
		reader->end += (size_t)n;
	return n;
}

ssize_t csock_recv_until(struct csock_reader *reader, const void *delimiter, size_t delimiter_size,
			 char **data, int64_t deadline)
{
	CSI_NEED(reader, delimiter, data);
	size_t searched = 0; /* no delimiter begins in these bytes */

	if (delimiter_size == 0)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	for (;;) {
		char *start = first(reader);
		size_t left = left_over(reader);
		char *found = left > 0 ? memmem(start + searched, left - searched, delimiter,
						delimiter_size)
				       : NULL;
		if (found) {
			size_t length = (size_t)(found - start) + delimiter_size;
			reader->start += length;
			*data = start;
			return (ssize_t)length;
		}
		searched = left >= delimiter_size ? left - delimiter_size + 1 : 0;
		ssize_t n = fill(reader, deadline);
		if (n == 0 && left > 0)
			return csock_status_make(CSOCK_ENDED, 0);
		if (n <= 0)
			return n;
	}
}

/* Moves what is left over into the buffer: the number of bytes. */
static size_t take(struct csock_reader *reader, void *buffer, size_t size)
{
	size_t left = left_over(reader), count = left < size ? left : size;

	if (count > 0)
		memcpy(buffer, reader->memory + reader->start, count);
	reader->start += count;
	return count;
}

ssize_t csock_reader_recv(struct csock_reader *reader, void *buffer, size_t size, int64_t deadline)
{
	CSI_NEED(reader);
	size_t taken = take(reader, buffer, size);

	return taken > 0 ? (ssize_t)taken : csock_recv(reader->sock, buffer, size, 0, deadline);
}

int csock_reader_recv_all(struct csock_reader *reader, void *buffer, size_t size, size_t *received,
			  int64_t deadline)
{
	CSI_NEED(reader);
	size_t ignored = 0;

	if (!received)
		received = &ignored;
	if (*received <= size)
		*received += take(reader, (char *)buffer + *received, size - *received);
	return csock_recv_all(reader->sock, buffer, size, 0, received, deadline);
}

size_t csock_reader_rest(struct csock_reader *reader, char **data)
{
	assert(reader && data);
	size_t left = left_over(reader);

	*data = first(reader);
	reader->start = reader->end;
	return left;
}
