/*
 * When calls release the GIL: gil_policy(), and the environment variable with the first policy.
 */
#include "gil_policy.h"

#include <stdlib.h>

#include "arguments.h"
#include "functions.h"
#include "objects.h"

#define VARIABLE "CSOCKET_GIL_POLICY"

static const char *policy_name(bool releases_gil)
{
	return releases_gil ? "release" : "adaptive";
}

/* Whether a text names a policy, which it then sets. */
static bool set_policy(struct module_state *state, PyObject *text)
{
	for (int releases_gil = 0; releases_gil <= 1; releases_gil++)
		if (PyUnicode_CompareWithASCIIString(text, policy_name(releases_gil)) == 0) {
			gil_allow_keeping(&state->gil, !releases_gil);
			return true;
		}
	return false;
}

/* 1 or 0 for the interpreter's options -E and -I; -1 with an exception. */
static int ignores_environment(void)
{
	PyObject *flags = PySys_GetObject("flags");
	PyObject *flag = flags ? attribute(flags, "ignore_environment") : Py_NewRef(Py_False);
	int result = flag ? PyObject_IsTrue(flag) : -1;

	Py_XDECREF(flag);
	return result;
}

int gil_policy_from_environment(struct module_state *state)
{
	const char *value = getenv(VARIABLE);
	int ignored = value && value[0] ? ignores_environment() : 1;

	if (ignored)
		return ignored < 0 ? -1 : 0;
	PyObject *text = PyUnicode_DecodeFSDefault(value);
	if (!text)
		return -1;
	int result = 0;
	if (!set_policy(state, text))
		result = PyErr_WarnFormat(PyExc_RuntimeWarning, 1,
					  VARIABLE " is %R, not 'adaptive' or 'release': "
						   "'adaptive' it is",
					  text);
	Py_DECREF(text);
	return result;
}

PyDoc_STRVAR(gil_policy_doc,
	     "gil_policy(policy=None, /)\n--\n\n"
	     "When calls on sockets release the GIL; returns the policy until now.\n\n"
	     "'adaptive': where a call has to wait, copies much, or where several threads call in\n"
	     "turn. 'release': always, as Python's own socket module does. The environment\n"
	     "variable CSOCKET_GIL_POLICY has the policy to begin with, which is otherwise\n"
	     "'adaptive'.");

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
	if (!set_policy(state, args[0])) {
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
