/*
 * What bindings ask before a call: whether it returns at once.
 */
#include "csocket/binding.h"

#include <assert.h>

#include "inflight.h"
#include "platform/platform.h"
#include "wait.h"

bool csock_is_single_threaded(void)
{
	return csi_platform_is_single_threaded();
}

bool csock_can_try(const struct csock_socket *sock)
{
	assert(sock);
	/* A try that has to change the mode of the socket is none for an impatient caller. */
	return !CSI_LOAD_BYTE(sock->unbounded_calls) &&
	       (!CSI_TRIES_CHANGE_MODE || csi_is_nonblocking(sock));
}

bool csock_expects_to_wait(const struct csock_socket *sock)
{
	assert(sock);
	return csi_has_missed(sock) && CSI_LOAD(sock->misses) >= CSI_MISSES_BELIEVED;
}

bool csock_close_may_wait(const struct csock_socket *sock)
{
	assert(sock);
	return CSI_LOAD(sock->slow_close) || csi_is_occupied(sock);
}
