/**
 * Reading the parts of a stream through a buffer: lines, heads, and bodies of a known size.
 *
 * A reader receives as much as its memory has room for, returns one part after the other, and keeps
 * what comes after it:
 *
 * @code
 * char memory[8192], *line;
 * struct csock_reader reader;
 *
 * csock_reader_init(&reader, &sock, memory, sizeof memory);
 * while ((n = csock_recv_until(&reader, "\n", 1, &line, deadline)) > 0)
 *         ...
 * @endcode
 *
 * Both the struct and the memory are the caller's, and need no clean-up. The reader belongs to one
 * thread at a time. While it has bytes left over, receive only through the reader, and ask it
 * before csock_poll, which does not know of them. Any function may be called again after
 * CSOCK_INTERRUPTED, CSOCK_TIMEOUT or EAGAIN: no byte is lost.
 *
 * To wait for a wake handle too, try first and wait between the tries:
 *
 * @code
 * while (csock_status_would_wait(
 *                n = csock_recv_until(&reader, "\n", 1, &line, CSOCK_NOW)))
 *         if ((status = csock_wait_or_wake(&sock, POLLIN, &stopping, deadline)) <= 0)
 *                 return status;
 * @endcode
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_READER_H
#define CSOCKET_READER_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/** A reader. The fields are the library's own. */
struct csock_reader {
	struct csock_socket *sock;
	char *memory;
	size_t size;
	size_t start; /* the bytes from start to end are left over */
	size_t end;
};

/**
 * Makes a reader of a stream, with size bytes of memory. It can be made before the socket opens.
 *
 * @param memory the caller's, as long as the reader is used; may be NULL if size is 0
 */
CSOCK_API void csock_reader_init(struct csock_reader *reader, struct csock_socket *sock,
				 void *memory, size_t size) CSOCK_NONNULL(1, 2);

/**
 * Receives until a delimiter, such as "\n" or "\r\n\r\n" without its final zero: the number of
 * bytes including the delimiter, or 0 at the end of the stream, or a failure.
 *
 * CSOCK_ENDED: the stream ended within a part. CSOCK_REFUSED_TOO_LONG: the memory is full without a
 * delimiter. In both cases the bytes are left over, and csock_reader_rest has them: to skip a line
 * that is too long, drop them until a delimiter comes.
 * CSOCK_REFUSED_SIZE: delimiter_size is 0.
 *
 * @param data points to the bytes in the reader's memory. They are valid until the next call with
 * this reader, and may be changed; (*data)[n - 1] = '\0' makes text of them
 */
CSOCK_API ssize_t csock_recv_until(struct csock_reader *reader, const void *delimiter,
				   size_t delimiter_size, char **data, int64_t deadline)
	CSOCK_NONNULL(1, 2, 4);

/**
 * Receives at most size bytes, first those that are left over: their number, 0 at the end of the
 * stream, or a failure. See csock_recv.
 */
CSOCK_API ssize_t csock_reader_recv(struct csock_reader *reader, void *buffer, size_t size,
				    int64_t deadline) CSOCK_NONNULL(1);

/**
 * Receives all size bytes, first those that are left over: 0, or a failure. They may be more than
 * the reader's memory holds. The failures are those of csock_recv_all.
 *
 * @param received as for csock_recv_all; may be NULL
 */
CSOCK_API int csock_reader_recv_all(struct csock_reader *reader, void *buffer, size_t size,
				    size_t *received, int64_t deadline) CSOCK_NONNULL(1);

/**
 * Hands over what is left over, for a program that goes on without the reader: the number of bytes.
 * The reader then has none any more.
 *
 * @param data points to the bytes in the reader's memory
 */
CSOCK_API size_t csock_reader_rest(struct csock_reader *reader, char **data) CSOCK_NONNULL(1, 2);

CSOCK_END_DECLS

#endif
