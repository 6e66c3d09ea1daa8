/*
 * Sockets on their way to another process: only multiprocessing can pickle them.
 */
#include "convert/arguments.h"
#include "convert/objects.h"
#include "socket/any_method.h"
#include "socket/methods.h"
#include "types/types.h"

/*
 * multiprocessing registers Python's own socket with its pickler. It does not know csocket's, and
 * csocket may be imported first. So this checks whether the code of multiprocessing calls the
 * pickler.
 */
ANY_METHOD(sock_reduce_ex)
{
	int is_for_us =
		Py_TYPE(self) == state->socket_type ? called_from(MULTIPROCESSING_REDUCTION) : 0;

	(void)names;
	if (is_for_us < 0 || arguments_check("__reduce_ex__", count, 1, 1) < 0)
		return NULL;
	if (is_for_us)
		return reduce_for_child(as_socket(self));
	return method_call("__reduce_ex__", (PyObject *)&PyBaseObject_Type, self, args[0]);
}
