/*
 * Names of the package csocket that are made on first use: the enums with their members, and the
 * modules and classes that socket.py imports.
 *
 * Making the enums makes all the other names too, and removes the package's __getattr__: the
 * interpreter looks attributes of a module up faster if it has no such hook.
 */
#ifndef EXT_PACKAGE_H
#define EXT_PACKAGE_H

#include "state.h"

/* Puts __getattr__, __dir__ and the names that cost nothing into the namespace. */
int package_begin(struct module_state *state, PyObject *namespace);

/* To be called before anything is imported: see names/imports.h. */
int package_prepare_to_import(struct module_state *state);

/* Publishes the names that are still missing, and removes __getattr__. The enums must be made. */
int package_complete(struct module_state *state);

/* Publishes a value under a name, unless the program has put something there. */
int package_add(struct module_state *state, const char *name, PyObject *value);

#endif
