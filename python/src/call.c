/*
 * The one place that releases the GIL.
 */
#include "call.h"

static ssize_t call_released(struct socket_object *self, library_call call, void *arguments,
			     int64_t deadline)
{
	ssize_t result;

	Py_BEGIN_ALLOW_THREADS
	result = call(&self->sock, arguments, deadline);
	Py_END_ALLOW_THREADS
	return result;
}

static bool is_interruption(ssize_t result)
{
	return result < 0 && csock_status_domain((int)result) == CSOCK_INTERRUPTED;
}

/* Calls without the GIL until no signal comes between; the handlers run in between. */
static ssize_t call_waiting(struct socket_object *self, library_call call, void *arguments,
			    int64_t deadline)
{
	for (;;) {
		ssize_t result = call_released(self, call, arguments, deadline);
		if (!is_interruption(result))
			return result;
		if (PyErr_CheckSignals() < 0)
			return CALL_RAISED;
	}
}

static bool may_try(const struct socket_object *self, enum call_mode mode)
{
	if (mode == CALL_WAIT || (mode == CALL_TRY_IF_ASYNC && !self->sock.nonblocking))
		return false;
	const struct csock_family *family =
		csock_family_find(self->sock.family, self->sock.protocol);
	return !family || !family->works_in_call;
}

/*
 * Tries with the GIL held, where that is allowed: true if *result is final. It is final too if
 * the socket does not wait and would have to.
 */
static bool try_now(struct socket_object *self, enum call_mode mode, library_call call,
		    void *arguments, ssize_t *result)
{
	if (!may_try(self, mode))
		return false;
	*result = call(&self->sock, arguments, CSOCK_NOW);
	if (!is_interruption(*result))
		return *result >= 0 || self->timeout == 0 || !csock_status_would_wait((int)*result);
	if (PyErr_CheckSignals() == 0)
		return false;
	*result = CALL_RAISED;
	return true;
}

ssize_t sock_call(struct socket_object *self, enum call_mode mode, library_call call,
		  void *arguments)
{
	ssize_t result;

	if (try_now(self, mode, call, arguments, &result))
		return result;
	/* Only here is the clock read: a call that need not wait needs no deadline. */
	return call_waiting(self, call, arguments, csock_deadline_after(self->timeout));
}

int call_without_gil(library_work work, void *arguments)
{
	int result;

	Py_BEGIN_ALLOW_THREADS
	result = work(arguments);
	Py_END_ALLOW_THREADS
	return result;
}
