/*
 * The socket object.
 */
#ifndef EXT_SOCKET_OBJECT_H
#define EXT_SOCKET_OBJECT_H

#include "compat.h"
#include "socket/type_watch.h"
#include "state.h"

#include <stdbool.h>

#include "csocket/csocket.h"

struct socket_object {
	PyObject_HEAD
	/*
	 * The interpreter's _ssl reads these fields through the capsule, in this order. They mirror
	 * sock (sock_mirror), except for the timeout, which is only here.
	 */
	csock_handle fd;
	int family;
	int type;
	int protocol;
	PyObject *(*errorhandler)(void);
	int64_t timeout;            /* ns; -1 blocks, 0 never waits */
	struct module_state *state; /* of the module, which the object keeps alive */
	/* _ssl reads nothing from here on. */
	struct csock_socket sock;
	PyObject *weakrefs;
	int last_received; /* bytes that recv() or recvfrom() got last, if more than 0 */
	int io_refs;       /* open files of makefile() */
	bool closed;       /* close() was called; files of makefile() may still be open */
};

/* The interpreter has already checked the type. */
static inline struct socket_object *as_socket(PyObject *self)
{
	return (struct socket_object *)self;
}

static inline csock_handle sock_fd(const struct socket_object *self)
{
	return csock_fd(&self->sock);
}

static inline int64_t sock_timeout(const struct socket_object *self)
{
	return RELAXED_LOAD(&self->timeout);
}

static inline bool sock_is_closed(const struct socket_object *self)
{
	return RELAXED_LOAD(&self->closed);
}

/* Marks the socket as closed; true if files are open. The last file may be closed meanwhile. */
static inline bool sock_mark_closed(struct socket_object *self)
{
	ORDERED_STORE(&self->closed, true);
	return ORDERED_LOAD(&self->io_refs) > 0;
}

/* Counts a new file of makefile(). */
static inline void sock_add_file(struct socket_object *self)
{
	__atomic_fetch_add(&self->io_refs, 1, __ATOMIC_SEQ_CST);
}

/* Removes a closed file from the count; true if close() was called, and waits for the files. */
static inline bool sock_drop_file(struct socket_object *self)
{
	int files = RELAXED_LOAD(&self->io_refs);

	while (files > 0 && !__atomic_compare_exchange_n(&self->io_refs, &files, files - 1, true,
							 __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
		;
	return ORDERED_LOAD(&self->closed);
}

/* Whether the object is of the socket type itself, whose methods are still csocket's. */
static inline bool sock_is_plain(struct module_state *state, PyObject *object)
{
	return Py_IS_TYPE(object, state->socket_type) &&
	       type_is_own(state->socket_type, &state->socket_watch);
}

/* Copies the fields of sock to those that _ssl reads. */
void sock_mirror(struct socket_object *self);

/* Whether "socket" in the published namespace is the socket type, with its own methods. */
bool sock_type_stands(struct module_state *state);

/*
 * A new object of one of the two socket types around an open socket; NULL with an exception. Takes
 * over opened, and closes it on failure. kind is the type for the audit event, with the flags that
 * the caller gave.
 */
PyObject *sock_wrap(struct module_state *state, PyTypeObject *type, struct csock_socket *opened,
		    int kind);

/* A new object of the socket type itself, with a new socket: NULL with an exception. */
PyObject *sock_open(struct module_state *state, int family, int type, int protocol);

/* Whether to open such a socket with the GIL held. For others the kernel may load a module. */
bool sock_opens_promptly(const struct module_state *state, int family, int protocol);

/* csock_close(), without the GIL if closing may take long. */
int sock_shut(struct socket_object *self);

/* Timeouts: None or a real number of seconds. -1 with an exception. */
int timeout_from_python(PyObject *object, int64_t *timeout);
PyObject *timeout_to_python(int64_t timeout);

/* Sets the timeout of self and the mode of its descriptor: 0, or -1 with an exception. */
int sock_set_timeout(struct socket_object *self, int64_t timeout);

/* timeouts.c: getdefaulttimeout() and setdefaulttimeout() */
extern PyMethodDef timeout_functions[];

#endif
