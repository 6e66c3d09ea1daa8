/*
 * The part of a file that sendfile() and its two ways send.
 */
#ifndef EXT_FILE_RANGE_H
#define EXT_FILE_RANGE_H

#include "state.h"

struct file_range {
	struct module_state *state;
	PyObject *file;   /* borrowed */
	PyObject *offset; /* a new reference */
	int64_t limit;    /* so many bytes at most; INT64_MAX for no limit */
	int64_t sent;     /* and so many are sent */
};

/* The parameters file, offset and count, in this order; NULL for what is left out. */
#define FILE_RANGE_PARAMETERS 3

/*
 * Takes them for sending over sock, any object, after they were checked as its
 * _check_sendfile_params() does it: 0, or -1 with an exception.
 */
int file_range_take(struct file_range *range, struct module_state *state, PyObject *sock,
		    PyObject *const *parameters);

/* The smaller of what is left to send and the most at once. */
int64_t file_range_next(const struct file_range *range, int64_t maximum);

/*
 * What file.fileno() gives, and the size of that file as the system has it, 0 for nothing to send.
 * NULL or -1 with an exception, of the type give_up for a file that cannot be sent by its
 * descriptor.
 */
PyObject *file_range_descriptor(const struct file_range *range, PyObject *give_up);
int64_t file_range_size(PyObject *fileno, PyObject *give_up);

/* Replaces the exception that is set by one of that type, with it as the argument. */
void file_range_give_up(PyObject *type);

/* ValueError for a socket that does not wait. Always -1. */
int file_range_refuse_nonblocking(void);

/*
 * The end of sending, well or with an exception (failed): the file's position moves to where
 * sending ended, and the number of bytes is returned. Gives up what was taken.
 */
PyObject *file_range_finish(struct file_range *range, bool failed);

#endif
