/*
 * Choices that a user makes by environment variables.
 */
#include "convert/environment.h"

#include <stdlib.h>

#include "convert/objects.h"

/* 1 or 0 for the interpreter's options -E and -I; -1 with an exception. */
static int ignores_environment(void)
{
	PyObject *flags = PySys_GetObject("flags");
	PyObject *flag = flags ? attribute(flags, "ignore_environment") : Py_NewRef(Py_False);
	int result = flag ? PyObject_IsTrue(flag) : -1;

	Py_XDECREF(flag);
	return result;
}

int environment_choose(struct module_state *state, const char *variable, const char *accepted,
		       environment_choice choose)
{
	const char *value = getenv(variable);
	int ignored = value && value[0] ? ignores_environment() : 1;

	if (ignored)
		return ignored < 0 ? -1 : 0;
	PyObject *text = PyUnicode_DecodeFSDefault(value);
	int chosen = text ? choose(state, text) : -1;
	if (chosen == 0)
		chosen = PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "%s is %R, not %s: ignored",
					  variable, text, accepted);
	Py_XDECREF(text);
	return chosen < 0 ? -1 : 0;
}
