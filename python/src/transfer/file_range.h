/*
 * The part of a file that sendfile() sends, in the kernel or by send().
 */
#ifndef EXT_FILE_RANGE_H
#define EXT_FILE_RANGE_H

#include "state.h"

struct file_range {
	struct module_state *state;
	PyObject *file;   /* borrowed */
	PyObject *offset; /* a new reference */
	int64_t limit;    /* the most bytes to send; INT64_MAX for no limit */
	int64_t sent;     /* the bytes sent so far */
};

/* The parameters file, offset and count, in this order; NULL for one that is not given. */
#define FILE_RANGE_PARAMETERS 3

/*
 * Takes the parameters for sending over sock, which may be any object, and checks them as its
 * _check_sendfile_params() does: 0, or -1 with an exception.
 */
int file_range_take(struct file_range *range, struct module_state *state, PyObject *sock,
		    PyObject *const *parameters);

/* The size of the next chunk: the bytes left to send, but at most maximum. */
int64_t file_range_next(const struct file_range *range, int64_t maximum);

/*
 * file.fileno(), and the size of that file as fstat() tells it; 0 means nothing to send. NULL or -1
 * with an exception. If the file cannot be sent by its descriptor, the exception is of the type
 * give_up.
 */
PyObject *file_range_descriptor(const struct file_range *range, PyObject *give_up);
int64_t file_range_size(struct module_state *state, PyObject *fileno, PyObject *give_up);

/* Replaces the exception that is set by one of this type, which has the old one as argument. */
void file_range_give_up(PyObject *type);

/* Raises ValueError because the socket is non-blocking: always -1. */
int file_range_refuse_nonblocking(void);

/*
 * Ends sending, which has succeeded or raised an exception (failed). Moves the file's position to
 * where sending ended, and releases what was taken. The number of bytes sent, or NULL.
 */
PyObject *file_range_finish(struct file_range *range, bool failed);

#endif
