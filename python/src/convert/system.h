/*
 * What Python shows differently by system: the numbers of errors, and handles. meson.build chooses
 * the file that implements it.
 */
#ifndef EXT_SYSTEM_H
#define EXT_SYSTEM_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "csocket/csocket.h"

/* Raises the OSError for the code of a failed system call, and returns NULL. */
PyObject *system_raise(int code);

/* The same for the last system call that this thread made. */
PyObject *system_raise_last(void);

/* The system's code for a name of errno.h: EAGAIN, EBUSY, EINTR or EWOULDBLOCK. */
int system_code(int error);

/* The text of gaierror and herror: the system's, or one that stands for all. */
struct system_texts {
	const char *resolver; /* NULL for the system's own */
	const char *host_database;
};
extern const struct system_texts system_texts;

/* A handle from an object with __index__: 0, or -1 with an exception. */
int system_handle(PyObject *object, csock_handle *handle);

/* The handle of a file's fileno(), which is another number on some systems: 0, or -1. */
int system_file_handle(PyObject *fileno, csock_handle *handle);

/* A flag for set_inheritable(), which is what the system's function in os takes: 0, or -1. */
int system_inheritable(PyObject *object, int *flag);

/* The functions of os for a socket's fileno(). */
extern const char system_get_inheritable[];
extern const char system_set_inheritable[];

/* Whether making a socket around a given handle raises the constructor's audit event. */
extern const bool system_audits_handles;

/* Whether this release has the constant. Programs may take one for a sign of a later release. */
bool system_has_constant(const char *name);

/* Whether descriptors can be sent. If not, stock's module does not import array. */
extern const bool system_sends_descriptors;

/* Whether stock sends files within the kernel. If not, it asks no file for its size. */
extern const bool system_sends_files;

/* Whether create_server() sets SO_REUSEADDR. */
extern const bool system_servers_reuse_addresses;

#endif
