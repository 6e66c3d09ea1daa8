/*
 * When calls release the GIL.
 */
#ifndef EXT_GIL_POLICY_H
#define EXT_GIL_POLICY_H

#include "state.h"

/* Sets the policy that a text names: 1, or 0 if it names none. */
int gil_policy_choose(struct module_state *state, PyObject *text);

#endif
