/*
 * Choices that a user makes by environment variables.
 */
#ifndef EXT_ENVIRONMENT_H
#define EXT_ENVIRONMENT_H

#include "state.h"

/* Applies a value. Returns 1; 0 if the value is unknown; -1 with an exception. */
typedef int (*environment_choice)(struct module_state *state, PyObject *text);

/*
 * Calls choose with the value of a variable, if it is set and the interpreter uses the environment
 * (not with -E or -I). If choose does not know the value, a RuntimeWarning tells the accepted ones.
 * 0, or -1 with an exception.
 */
int environment_choose(struct module_state *state, const char *variable, const char *accepted,
		       environment_choice choose);

#endif
