/*
 * Library calls on a socket: the slow paths.
 */
#include "socket/call.h"

static bool is_interruption(ssize_t result)
{
	return result < 0 && csock_status_domain(result) == CSOCK_INTERRUPTED;
}

/*
 * Whether the failure of a try, *result, is final, as on a non-blocking socket, or after a signal
 * handler that raised.
 */
static bool try_is_final(struct socket_object *self, ssize_t *result)
{
	if (!is_interruption(*result))
		return sock_timeout(self) == 0 || !csock_status_would_wait(*result);
	if (PyErr_CheckSignals() == 0)
		return false;
	*result = CALL_RAISED;
	return true;
}

/* Reads the clock once, and only if the call has to wait: otherwise it needs no deadline. */
static ssize_t try_or_wait(struct socket_object *self, bool tries, int64_t *deadline,
			   library_call call, void *arguments)
{
	if (tries) {
		ssize_t result = call(&self->sock, arguments, CSOCK_NOW);
		if (result >= 0 || sock_timeout(self) == 0 || !csock_status_would_wait(result))
			return result;
	}
	if (*deadline == CSOCK_NOW)
		*deadline = csock_deadline_after(sock_timeout(self));
	return call(&self->sock, arguments, *deadline);
}

ssize_t sock_call_released(struct socket_object *self, bool tries, library_call call,
			   void *arguments)
{
	int64_t deadline = CSOCK_NOW;
	ssize_t result;

	do {
		struct gil_release release = gil_give(&self->state->gil);
		result = try_or_wait(self, tries, &deadline, call, arguments);
		gil_take(&self->state->gil, release);
		if (!is_interruption(result))
			return result;
		tries = false;
	} while (PyErr_CheckSignals() == 0);
	return CALL_RAISED;
}

ssize_t sock_call_again(struct socket_object *self, ssize_t result, library_call call,
			void *arguments)
{
	if (try_is_final(self, &result))
		return result;
	return sock_call_released(self, false, call, arguments);
}

ssize_t sock_call_on(struct socket_object *self, ssize_t result, library_call call, void *arguments)
{
	if (!is_interruption(result))
		return result;
	if (PyErr_CheckSignals() < 0)
		return CALL_RAISED;
	return sock_call_released(self, false, call, arguments);
}
