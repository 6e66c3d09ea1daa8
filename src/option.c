/*
 * Socket options.
 */
#include "csocket/option.h"

#include <limits.h>
#include <sys/socket.h>

#include "failure.h"
#include "inflight.h"

int csock_getsockopt(struct csock_socket *sock, int level, int option, void *value, size_t *size)
{
	if (*size > INT_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	int fd = csi_enter(sock);
	if (fd < 0)
		return fd;
	socklen_t length = (socklen_t)*size;
	int result = getsockopt(fd, level, option, value, &length) == 0 ? 0 : csi_failure();
	csi_leave(sock);
	if (result == 0)
		*size = length;
	return result;
}

int csock_setsockopt(struct csock_socket *sock, int level, int option, const void *value,
		     size_t size)
{
	if (size > INT_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	int fd = csi_enter(sock);
	if (fd < 0)
		return fd;
	int result = setsockopt(fd, level, option, value, (socklen_t)size);
	if (result < 0)
		result = csi_failure();
	csi_leave(sock);
	return result;
}
