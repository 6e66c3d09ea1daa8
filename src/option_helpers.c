/*
 * Options that are not just a number.
 */
#include <limits.h>

#include "csocket/option.h"

#include "failure.h"
#include "inflight.h"
#include "platform/kernel_time.h"
#include "platform/names.h"
#include "platform/platform.h"

int csock_take_error(struct csock_socket *sock)
{
	CSI_NEED(sock);
	int error = 0;
	size_t size = sizeof error;
	int result = csock_getsockopt(sock, SOL_SOCKET, SO_ERROR, &error, &size);

	return result < 0 || error == 0 ? result : csock_status_make(CSOCK_SYSTEM, error);
}

int csock_get_linger(struct csock_socket *sock, int *seconds)
{
	CSI_NEED(sock, seconds);
	struct linger linger = {0};
	size_t size = sizeof linger;
	int result = csock_getsockopt(sock, SOL_SOCKET, SO_LINGER, &linger, &size);

	if (result == 0)
		*seconds = linger.l_onoff ? linger.l_linger : CSOCK_LINGER_OFF;
	return result;
}

int csock_set_linger(struct csock_socket *sock, int seconds)
{
	CSI_NEED(sock);
	bool waits = seconds != CSOCK_LINGER_OFF;
	const struct linger linger = {
		.l_onoff = waits,
		.l_linger = (csi_linger_time)(waits ? seconds : 0),
	};

	if (waits && (seconds < 0 || seconds > CSI_LINGER_MAX))
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	return csock_setsockopt(sock, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static int get_timeout(struct csock_socket *sock, int option, int64_t *timeout)
{
	csi_kernel_limit limit = {0};
	size_t size = sizeof limit;
	int result = csock_getsockopt(sock, SOL_SOCKET, option, &limit, &size);

	if (result < 0)
		return result;
	*timeout = csi_kernel_limit_ns(&limit);
	if (*timeout == 0)
		*timeout = CSOCK_NO_TIMEOUT;
	return 0;
}

static int set_timeout(struct csock_socket *sock, int option, int64_t timeout)
{
	if (timeout == 0 || timeout < CSOCK_NO_TIMEOUT)
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	/* For the kernel the largest value means that there is no limit. */
	const csi_kernel_limit limit = csi_kernel_limit_of(timeout > 0 ? timeout : 0);
	return csock_setsockopt(sock, SOL_SOCKET, option, &limit, sizeof limit);
}

int csock_get_recv_timeout(struct csock_socket *sock, int64_t *timeout)
{
	CSI_NEED(sock, timeout);
	return get_timeout(sock, SO_RCVTIMEO, timeout);
}

int csock_set_recv_timeout(struct csock_socket *sock, int64_t timeout)
{
	CSI_NEED(sock);
	return set_timeout(sock, SO_RCVTIMEO, timeout);
}

int csock_get_send_timeout(struct csock_socket *sock, int64_t *timeout)
{
	CSI_NEED(sock, timeout);
	return get_timeout(sock, SO_SNDTIMEO, timeout);
}

int csock_set_send_timeout(struct csock_socket *sock, int64_t timeout)
{
	CSI_NEED(sock);
	return set_timeout(sock, SO_SNDTIMEO, timeout);
}

static int set_times(struct csock_socket *sock, const struct csock_keepalive *keepalive)
{
	csock_handle fd;
	int result = csi_enter(sock, &fd);

	if (result < 0)
		return result;
	result = csi_platform_set_keepalive_times(fd, keepalive);
	csi_leave(sock);
	return result;
}

int csock_set_keepalive(struct csock_socket *sock, const struct csock_keepalive *keepalive)
{
	CSI_NEED(sock);
	int result = keepalive ? set_times(sock, keepalive) : 0;

	return result < 0 ? result
			  : csock_set_int(sock, SOL_SOCKET, SO_KEEPALIVE, keepalive != NULL);
}
