/*
 * Modules that are imported late, when something needs them.
 *
 * If one thread imports a module while another one forks, the child can never import that module:
 * it would wait for the importing thread, which does not exist there. So code that imports late
 * registers its modules first.
 *
 * When the interpreter ends, nothing can be imported any more. Finalizers of a program may still
 * call sockets then. So csocket's package has its modules among its globals, as socket.py does.
 */
#ifndef EXT_IMPORTS_H
#define EXT_IMPORTS_H

#include "state.h"

/*
 * From now on os.fork() first imports these modules, or waits until another thread has. Steals
 * names, a tuple or NULL with an exception. Returns 0, or -1 with an exception.
 */
int imports_finish_before_fork(PyObject *names);

/* A module from the globals of the package, or else imported. NULL with an exception. */
PyObject *imports_module(struct module_state *state, const char *name);

#endif
