/*
 * Descriptors on their way into a socket object.
 *
 * accept(), dup(), fromfd() and socketpair() get a descriptor from the system and pass it to a
 * constructor; so does multiprocessing's unpickling with one from another process. The constructor
 * may be a subclass, or whatever a program has put in the place of socket. handover() calls it. At
 * each point the descriptor has one owner:
 *
 *  - until the constructor is called, the function;
 *  - once csocket's own __init__ has put it into a socket, that socket, even if the __init__ of
 *    a subclass raises afterwards: the descriptor is closed when the object is freed;
 *  - if the constructor raises before that, again the function, which closes it, unless the
 *    constructor has closed it already;
 *  - if the constructor returns, the object that it returns.
 *
 * A descriptor that the _accept() of a subclass returns is only lent, because it may have another
 * owner. The function never closes it.
 *
 * Between the function and __init__ any Python code may run. So a table of the module lists the
 * descriptors that are under way, and __init__ removes its own.
 */
#ifndef EXT_HANDOVER_H
#define EXT_HANDOVER_H

#include "csocket/csocket.h"

#include "inlining.h"
#include "state.h"

/* Makes the table: 0, or -1 with an exception. */
int handover_begin(struct module_state *state);

/*
 * The number of a descriptor that nobody else owns, as an int; NULL with an exception, and the
 * descriptor closed.
 */
PyObject *handover_fileno(csock_handle fd);

/*
 * Calls type with arguments that contain the descriptor fileno: a new socket, or NULL with an
 * exception. Steals all four objects. Each of the first three may be NULL with an exception, which
 * is passed on; the fourth is NULL if there are no keywords. state is NULL for a descriptor that is
 * only lent.
 */
PyObject *handover(struct module_state *state, PyObject *fileno, PyObject *type,
		   PyObject *arguments, PyObject *keywords);

/*
 * Does the same with type(sock.family, sock.type, sock.proto, fileno=fileno). Steals type and
 * fileno.
 */
PyObject *handover_like(struct module_state *state, PyObject *fileno, PyObject *type,
			PyObject *sock);

/* Does what handover_taken() does, if descriptors are under way. */
APART int handover_strike_out(struct module_state *state, csock_handle fd);

/* To be called once a socket has taken over a descriptor: 0, or -1 with an exception. */
static inline int handover_taken(struct module_state *state, csock_handle fd)
{
	if (LIKELY(!state->under_way || PyDict_GET_SIZE(state->under_way) == 0))
		return 0;
	return handover_strike_out(state, fd);
}

#endif
