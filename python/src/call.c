/*
 * The one place that releases the GIL: what is slow anyway.
 */
#include "call.h"

static bool is_interruption(ssize_t result)
{
	return result < 0 && csock_status_domain((int)result) == CSOCK_INTERRUPTED;
}

bool try_is_final(struct socket_object *self, ssize_t *result)
{
	if (!is_interruption(*result))
		return self->timeout == 0 || !csock_status_would_wait((int)*result);
	if (PyErr_CheckSignals() == 0)
		return false;
	*result = CALL_RAISED;
	return true;
}

ssize_t sock_call_released(struct socket_object *self, library_call call, void *arguments)
{
	/* Only here is the clock read: a call that need not wait needs no deadline. */
	int64_t deadline = csock_deadline_after(self->timeout);
	ssize_t result;

	do {
		Py_BEGIN_ALLOW_THREADS
		result = call(&self->sock, arguments, deadline);
		Py_END_ALLOW_THREADS
		if (!is_interruption(result))
			return result;
	} while (PyErr_CheckSignals() == 0);
	return CALL_RAISED;
}

int call_without_gil(library_work work, void *arguments)
{
	int result;

	Py_BEGIN_ALLOW_THREADS
	result = work(arguments);
	Py_END_ALLOW_THREADS
	return result;
}
