/*
 * When calls release the GIL.
 */
#ifndef EXT_GIL_POLICY_H
#define EXT_GIL_POLICY_H

#include "state.h"

/* Takes the policy that the environment asks for, if it does: -1 with an exception. */
int gil_policy_from_environment(struct module_state *state);

#endif
