/*
 * The names of the package csocket that are made when they are asked for: the enums with their
 * members, and what Python's own module has in its namespace because it imports it.
 *
 * When the enums are made all the others are too, and the package's __getattr__ goes: the
 * interpreter has a fast way for attributes of modules, but not of those that have such a hook.
 */
#ifndef EXT_PACKAGE_H
#define EXT_PACKAGE_H

#include "state.h"

/* Puts __getattr__, __dir__ and the names that cost nothing into the namespace. */
int package_begin(struct module_state *state, PyObject *namespace);

/* To be called before anything is imported: see imports.h. */
int package_prepare_to_import(struct module_state *state);

/* Publishes what was not asked for yet, and takes __getattr__ away. The enums are there. */
int package_complete(struct module_state *state);

/* Publishes a value under a name where nothing stands. */
int package_add(struct module_state *state, const char *name, PyObject *value);

#endif
