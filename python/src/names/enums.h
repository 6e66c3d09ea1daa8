/*
 * The enums AddressFamily, SocketKind, MsgFlag and AddressInfo.
 */
#ifndef EXT_ENUMS_H
#define EXT_ENUMS_H

#include <stdbool.h>

#include "inlining.h"
#include "state.h"

/* The name of the class. */
const char *enum_name(enum enum_id id);

/* A tuple of the enum class and its dict from value to member; NULL until the enum is made. */
static inline PyObject *enum_entry(struct module_state *state, enum enum_id id)
{
	return __atomic_load_n(&state->enums[id], __ATOMIC_ACQUIRE);
}

/* Makes all enums, and publishes them. */
ASIDE int enums_make(struct module_state *state);

/*
 * Whether an enum could not be made because the interpreter shuts down and no longer imports. If
 * so, clears the exception: the caller uses a plain number.
 */
bool forgive_end_of_imports(void);

/* The member for a value, or a plain int if there is none: a new reference, or NULL. */
PyObject *enum_member(struct module_state *state, enum enum_id id, long value);

/* Sets the __module__ of the enums that are made: 0, or -1 with an exception. */
int enums_set_module(struct module_state *state, PyObject *name);

/* The enum that a constant of this name is a member of, or -1. */
int enum_of_constant(const char *name);

/* The id of the enum with this name or with a member of this name; or -1. */
int enum_of_name(const char *name);

/* _intenum_converter() */
extern PyMethodDef enum_functions[];

#endif
