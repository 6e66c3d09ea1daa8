/*
 * Multicast groups.
 */
#include "csocket/multicast.h"

#include "csocket/option.h"

#include "failure.h"
#include "inflight.h"
#include "platform/names.h"
#include "platform/platform.h"
#include "shared.h"

/* IPPROTO_IP or IPPROTO_IPV6; a refusal for any other family. */
static int level_of(int family)
{
	if (family == AF_INET)
		return IPPROTO_IP;
	return family == AF_INET6 ? IPPROTO_IPV6 : csock_status_refuse(CSOCK_REFUSED_FAMILY, 0);
}

static int change_group(struct csock_socket *sock, const struct csock_addr *group,
			unsigned int index, bool joins)
{
	int result = level_of(csock_addr_family(group));
	csock_handle fd;

	if (result < 0)
		return result;
	if (group->length > sizeof(struct sockaddr_storage))
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	result = csi_enter(sock, &fd);
	if (result < 0)
		return result;
	result = csi_platform_change_group(fd, &group->raw, (socklen_t)group->length, index, joins);
	csi_leave(sock);
	return result;
}

int csock_join_group(struct csock_socket *sock, const struct csock_addr *group, unsigned int index)
{
	CSI_NEED(sock, group);
	return change_group(sock, group, index, true);
}

int csock_leave_group(struct csock_socket *sock, const struct csock_addr *group, unsigned int index)
{
	CSI_NEED(sock, group);
	return change_group(sock, group, index, false);
}

int csock_set_multicast_interface(struct csock_socket *sock, unsigned int index)
{
	CSI_NEED(sock);
	const csi_ipv4_interface request = CSI_IPV4_INTERFACE(index);
	int level = level_of(CSI_LOAD(sock->family));

	if (csock_fd(sock) == CSOCK_NO_HANDLE)
		return csi_system(EBADF);
	if (level == IPPROTO_IP)
		return csock_setsockopt(sock, level, IP_MULTICAST_IF, &request, sizeof request);
	return level < 0 ? level : csock_set_int(sock, level, IPV6_MULTICAST_IF, index);
}
