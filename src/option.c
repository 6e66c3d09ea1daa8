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

/* The options of AF_VSOCK have no SOL_* of their own, and count in 64 bits. */
static bool is_wide(int level)
{
	return level == AF_VSOCK;
}

int csock_getsockopt_integer(struct csock_socket *sock, int level, int option, int64_t *value)
{
	int64_t wide = 0;
	int narrow = 0;
	size_t size = is_wide(level) ? sizeof wide : sizeof narrow;
	int result = csock_getsockopt(sock, level, option, is_wide(level) ? (void *)&wide : &narrow,
				      &size);

	if (result == 0)
		*value = is_wide(level) ? wide : narrow;
	return result;
}

int csock_setsockopt_integer(struct csock_socket *sock, int level, int option, int64_t value)
{
	int narrow = (int)value;

	if (is_wide(level))
		return csock_setsockopt(sock, level, option, &value, sizeof value);
	if (narrow != value)
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	return csock_setsockopt(sock, level, option, &narrow, sizeof narrow);
}
