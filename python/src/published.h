/*
 * The namespace that the interface was published in: the globals of the package.
 *
 * Programs replace names there (socket, getaddrinfo, ...), and create_connection() and similar
 * functions use the replacements.
 */
#ifndef EXT_PUBLISHED_H
#define EXT_PUBLISHED_H

#include "state.h"

/*
 * Looks a name up in the package, where a program may have replaced it, or in the module itself
 * before the names are published: a new reference, or NULL with an exception (NameError).
 */
PyObject *published(struct module_state *state, const char *name);
PyObject *published_as(struct module_state *state, PyObject *name);

/* Calls a published function. Steals arguments, a tuple; NULL passes on an exception. */
PyObject *published_call(struct module_state *state, const char *name, PyObject *arguments);

#endif
