/*
 * The enums AddressFamily, SocketKind, MsgFlag and AddressInfo.
 */
#ifndef EXT_ENUMS_H
#define EXT_ENUMS_H

#include "inlining.h"
#include "state.h"

/* The name of the class. */
const char *enum_name(enum enum_id id);

/* The class, made if need be: a borrowed reference, or NULL with an exception. */
PyObject *enum_type(struct module_state *state, enum enum_id id);

/*
 * Makes the enums for one who has not asked for them, but makes many sockets: see enums.c. 0 also
 * where enum cannot be imported; -1 with any other exception, as of a signal handler that came
 * between.
 */
ASIDE int enums_make_early(struct module_state *state);

/* The member for a value, or a plain int where there is none: a new reference, or NULL. */
PyObject *enum_member(struct module_state *state, enum enum_id id, long value);

/* Lets the enums say that they are of the module with this name; -1 with an exception. */
int enums_set_module(struct module_state *state, PyObject *name);

/* The __getattr__ of the package, which makes enums, and its __dir__: see module.c. */
PyObject *mod_getattr(PyObject *module, PyObject *name);

/* The enum that a constant of this name is a member of, or -1. */
int enum_of_constant(const char *name);

#endif
