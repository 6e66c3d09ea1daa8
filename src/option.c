/*
 * Socket options.
 */
#include "csocket/option.h"

#include <limits.h>
#include <string.h>
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

/* Whether close() may wait with this SO_LINGER. With a time of 0 s it resets the connection. */
static bool lingers(const void *value, size_t size)
{
	struct linger linger;

	if (!value || size < sizeof linger)
		return true;
	memcpy(&linger, value, sizeof linger);
	return linger.l_onoff != 0 && linger.l_linger != 0;
}

int csock_setsockopt(struct csock_socket *sock, int level, int option, const void *value,
		     size_t size)
{
	if (size > INT_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	int fd = csi_enter(sock);
	if (fd < 0)
		return fd;
	if (level == SOL_SOCKET && option == SO_LINGER && lingers(value, size))
		CSI_STORE(sock->slow_close, true);
	int result = setsockopt(fd, level, option, value, (socklen_t)size);
	if (result < 0)
		result = csi_failure();
	csi_leave(sock);
	return result;
}

static bool is_wide(const struct csock_socket *sock, int level)
{
	/* On most machines SOL_SOCKET and AF_UNIX are the same number. */
	if (level == SOL_SOCKET || level != CSI_LOAD(sock->family))
		return false;
	const struct csock_family *family = csock_family_find(level, CSI_LOAD(sock->protocol));
	return family && family->wide_options;
}

int csock_get_int(struct csock_socket *sock, int level, int option, int64_t *value)
{
	bool wide = is_wide(sock, level);
	int64_t wide_value = 0;
	int narrow_value = 0;
	size_t size = wide ? sizeof wide_value : sizeof narrow_value;
	int result = csock_getsockopt(sock, level, option,
				      wide ? (void *)&wide_value : &narrow_value, &size);

	if (result == 0)
		*value = wide ? wide_value : narrow_value;
	return result;
}

int csock_set_int(struct csock_socket *sock, int level, int option, int64_t value)
{
	int narrow_value = (int)value;

	if (is_wide(sock, level))
		return csock_setsockopt(sock, level, option, &value, sizeof value);
	if (narrow_value != value)
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	return csock_setsockopt(sock, level, option, &narrow_value, sizeof narrow_value);
}
