/*
 * When calls release the GIL: gil_policy(), and the environment variable for the first policy.
 */
#include "functions/gil_policy.h"

#include "convert/arguments.h"
#include "functions/functions.h"

static const char *policy_name(bool releases_gil)
{
	return releases_gil ? "release" : "adaptive";
}

int gil_policy_choose(struct module_state *state, PyObject *text)
{
	for (int releases_gil = 0; releases_gil <= 1; releases_gil++)
		if (PyUnicode_CompareWithASCIIString(text, policy_name(releases_gil)) == 0) {
			gil_allow_keeping(&state->gil, !releases_gil);
			return 1;
		}
	return 0;
}

PyDoc_STRVAR(gil_policy_doc,
	     "gil_policy(policy=None, /)\n--\n\n"
	     "Set when calls on sockets release the GIL. Return the former policy.\n\n"
	     "'adaptive': a call releases it if it has to wait or copies much, or if several\n"
	     "threads call in turn. 'release': every call does, as in CPython's socket module.\n"
	     "None changes nothing. The environment variable CSOCKET_GIL_POLICY sets the first\n"
	     "policy; without it, that is 'adaptive'.");

static PyObject *mod_gil_policy(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
	struct module_state *state = module_state(module);
	const char *former = policy_name(RELAXED_LOAD(&state->gil.never_kept));

	if (arguments_check("gil_policy", count, 0, 1) < 0)
		return NULL;
	if (count == 0 || args[0] == Py_None)
		return PyUnicode_FromString(former);
	if (!PyUnicode_Check(args[0])) {
		PyErr_Format(PyExc_TypeError, "gil_policy() takes a str, not %s",
			     Py_TYPE(args[0])->tp_name);
		return NULL;
	}
	if (!gil_policy_choose(state, args[0])) {
		PyErr_Format(PyExc_ValueError, "gil_policy() takes 'adaptive' or 'release', not %R",
			     args[0]);
		return NULL;
	}
	return PyUnicode_FromString(former);
}

PyMethodDef gil_policy_functions[] = {
	{"gil_policy", FAST(mod_gil_policy), gil_policy_doc},
	{NULL, NULL, 0, NULL},
};
