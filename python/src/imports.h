/*
 * Modules that are imported late, when something needs them.
 *
 * What a thread is importing while another one forks can never be imported in the child: that would
 * wait for the thread, which is not there. So whoever imports late says so first.
 */
#ifndef EXT_IMPORTS_H
#define EXT_IMPORTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* From now on fork() sees to it that these modules are imported. Takes over names, a tuple or NULL.
 */
int imports_finish_before_fork(PyObject *names);

#endif
