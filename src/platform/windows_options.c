/*
 * The platform contract on Windows: options.
 */
#include "csocket/option.h"

#include "failure.h"
#include "platform/calls.h"
#include "platform/kernel_time.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* What Windows uses unless a program asks for other times: 2 hours, and 1 s. */
#define USUAL_IDLE 7200
#define USUAL_INTERVAL 1

enum csi_option_form csi_platform_option_form(int level, int option)
{
	(void)level;
	(void)option;
	return CSI_OPTION_INT;
}

/* A listening socket passes its limits on to its connections; accept() itself ignores them. */
static bool is_listening(csock_handle fd)
{
	BOOL listening = FALSE;
	socklen_t length = sizeof listening;

	return csi_platform_getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 &&
	       listening;
}

int64_t csi_platform_kernel_limit(csock_handle fd, bool sending)
{
	csi_kernel_limit limit = 0;
	socklen_t length = sizeof limit;
	int option = sending ? SO_SNDTIMEO : SO_RCVTIMEO;

	if (csi_platform_getsockopt(fd, SOL_SOCKET, option, &limit, &length) < 0 || limit == 0)
		return -1;
	return is_listening(fd) ? -1 : csi_kernel_limit_ns(&limit);
}

static int set(csock_handle fd, int level, int option, const void *value, socklen_t length)
{
	return csi_platform_setsockopt(fd, level, option, value, length) == 0 ? 0 : csi_failure();
}

/* Not MCAST_JOIN_GROUP, which Wine does not have. */
int csi_platform_change_group(csock_handle fd, const void *group, socklen_t length,
			      unsigned int index, bool joins)
{
	const struct sockaddr_in *inet = group;
	const struct sockaddr_in6 *inet6 = group;

	if (inet->sin_family == AF_INET && length >= (socklen_t)sizeof *inet) {
		struct ip_mreq request = {.imr_multiaddr = inet->sin_addr,
					  .imr_interface.s_addr = CSI_IPV4_INTERFACE(index)};
		return set(fd, IPPROTO_IP, joins ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, &request,
			   sizeof request);
	}
	if (inet->sin_family == AF_INET6 && length >= (socklen_t)sizeof *inet6) {
		struct ipv6_mreq request = {inet6->sin6_addr, index};
		return set(fd, IPPROTO_IPV6, joins ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP,
			   &request, sizeof request);
	}
	return csi_system(EINVAL);
}

static int set_seconds(csock_handle fd, int option, int seconds)
{
	return seconds == 0 ? 0 : set(fd, IPPROTO_TCP, option, &seconds, sizeof seconds);
}

/* On Wine, and on Windows before 10 1709, one control sets both times, in milliseconds. */
static int control_times(csock_handle fd, const struct csock_keepalive *times)
{
	const ULONGLONG idle = (ULONGLONG)(times->idle ? times->idle : USUAL_IDLE) * 1000;
	const ULONGLONG interval =
		(ULONGLONG)(times->interval ? times->interval : USUAL_INTERVAL) * 1000;
	struct tcp_keepalive request = {1, (ULONG)idle, (ULONG)interval};
	DWORD written;

	if (times->idle < 0 || times->interval < 0 || idle > UINT32_MAX || interval > UINT32_MAX)
		return csi_system(EINVAL);
	return WSAIoctl(fd, SIO_KEEPALIVE_VALS, &request, sizeof request, NULL, 0, &written, NULL,
			NULL) == 0
		       ? 0
		       : csi_failure();
}

int csi_platform_set_keepalive_times(csock_handle fd, const struct csock_keepalive *times)
{
	int result = set_seconds(fd, TCP_KEEPCNT, times->probes);

	if (result == 0)
		result = set_seconds(fd, TCP_KEEPIDLE, times->idle);
	if (result == 0)
		result = set_seconds(fd, TCP_KEEPINTVL, times->interval);
	else if (csi_is_system(result, ENOPROTOOPT) && times->probes == 0)
		result = control_times(fd, times);
	return result;
}
