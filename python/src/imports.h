/*
 * Modules that are imported late, when something needs them.
 *
 * If one thread imports a module while another one forks, the child can never import that module:
 * it would wait for the importing thread, which does not exist there. So code that imports late
 * registers its modules first.
 */
#ifndef EXT_IMPORTS_H
#define EXT_IMPORTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/*
 * From now on os.fork() first imports these modules, or waits until another thread has. Takes over
 * names, a tuple or NULL: 0, or -1 with an exception.
 */
int imports_finish_before_fork(PyObject *names);

#endif
