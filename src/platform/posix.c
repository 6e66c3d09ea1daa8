/*
 * The platform contract: what is the same on all POSIX systems.
 */
#include "platform/posix.h"

#include <stdlib.h>
#include <string.h>

#include "csocket/interface.h"
#include "csocket/option.h"

#include "failure.h"
#include "platform/platform.h"

_Static_assert(CSOCK_INTERFACE_NAME_MAX == IF_NAMESIZE, "room for any interface name");

static int close_descriptor(int fd)
{
	return close(fd) == 0 ? 0 : csi_failure();
}

int csi_platform_close(csock_handle fd)
{
	int cancelling;

	if (csi_platform_is_single_threaded())
		return close_descriptor(fd);
	csi_cancel_disable(&cancelling);
	int result = close_descriptor(fd);
	csi_cancel_restore(cancelling);
	return result;
}

int csi_platform_file_id(csock_handle fd, uint64_t *device, uint64_t *inode)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return csi_failure();
	*device = status.st_dev;
	*inode = status.st_ino;
	return 0;
}

int csi_platform_change_group(csock_handle fd, const void *group, socklen_t length,
			      unsigned int index, bool joins)
{
	struct group_req request = {.gr_interface = index};
	int level =
		((const struct sockaddr *)group)->sa_family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
	int option = joins ? MCAST_JOIN_GROUP : MCAST_LEAVE_GROUP;

	memcpy(&request.gr_group, group, length);
	return setsockopt(fd, level, option, &request, sizeof request) == 0 ? 0 : csi_failure();
}

static int set_unless_zero(int fd, int option, int value)
{
	return value == 0 || setsockopt(fd, IPPROTO_TCP, option, &value, sizeof value) == 0
		       ? 0
		       : csi_failure();
}

int csi_platform_set_keepalive_times(csock_handle fd, const struct csock_keepalive *times)
{
	int result = set_unless_zero(fd, TCP_KEEPIDLE, times->idle);

	if (result == 0)
		result = set_unless_zero(fd, TCP_KEEPINTVL, times->interval);
	if (result == 0)
		result = set_unless_zero(fd, TCP_KEEPCNT, times->probes);
	return result;
}

int csi_posix_interface_index(const char *name)
{
	unsigned int index = if_nametoindex(name);

	return index > 0 ? (int)index : csi_failure();
}

int csi_posix_interface_name(unsigned int index, char *name)
{
	return if_indextoname(index, name) ? 0 : csi_failure();
}

static int copy_list(const struct if_nameindex *from, struct csock_interface **list)
{
	int count = 0;

	while (from[count].if_index != 0)
		count++;
	/* One element more, because calloc() may return NULL for 0 bytes. */
	struct csock_interface *copy = calloc((size_t)count + 1, sizeof *copy);
	if (!copy)
		return csi_system(ENOMEM);
	for (int i = 0; i < count; i++) {
		copy[i].index = from[i].if_index;
		strncpy(copy[i].name, from[i].if_name, sizeof copy[i].name - 1);
	}
	*list = copy;
	return count;
}

int csi_platform_interfaces(struct csock_interface **list)
{
	struct if_nameindex *found = if_nameindex();

	if (!found)
		return csi_failure();
	int result = copy_list(found, list);
	if_freenameindex(found);
	return result;
}

const char *csi_platform_resolver_text(int code, char *buffer, size_t size)
{
	(void)buffer;
	(void)size;
	return gai_strerror(code);
}

const char *csi_platform_host_text(int code, char *buffer, size_t size)
{
	(void)buffer;
	(void)size;
	return hstrerror(code);
}

bool csi_platform_inet_aton(const char *text, struct in_addr *address)
{
	return inet_aton(text, address) != 0;
}

int csi_platform_host_name(char *name, size_t size)
{
	if (gethostname(name, size - 1) < 0)
		return csi_failure();
	/* If the name was cut, POSIX does not guarantee a final zero. */
	name[size - 1] = '\0';
	return 0;
}
