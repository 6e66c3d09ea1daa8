/*
 * The free list of socket objects: the memory of those that were freed last.
 *
 * Connections come and go. The interpreter has such lists for its own short-lived types; the memory
 * of others it zeroes, counts and gives back each time, which takes as long as a third of a
 * socket() and close(). Only for the socket type itself, not for subclasses.
 */
#ifndef EXT_FREE_LIST_H
#define EXT_FREE_LIST_H

#include "state.h"

#include <stdbool.h>

/* A new object with only its head set; NULL without an exception if the list is empty. */
PyObject *free_list_take(struct module_state *state);

/* Whether the list has taken the memory of an object, of which nothing else is left. */
bool free_list_give(struct module_state *state, PyObject *object);

/* Gives the memory back, while there still is the type. */
void free_list_clear(struct module_state *state);

#endif
