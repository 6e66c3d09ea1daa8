/*
 * Socket options.
 */
#include "csocket/option.h"

#include <limits.h>
#include <string.h>

#include "failure.h"
#include "inflight.h"
#include "platform/calls.h"
#include "platform/platform.h"

/* What csi_platform_getsockopt() would tell of the value that was set last. */
static int tell_quick_ack(struct csock_socket *sock, void *value, socklen_t *length)
{
	const int number = CSI_LOAD(sock->quick_ack);

	if (*length > (socklen_t)sizeof number)
		*length = sizeof number;
	memcpy(value, &number, (size_t)*length);
	return 0;
}

static int get_option(struct csock_socket *sock, csock_handle fd, int level, int option,
		      void *value, socklen_t *length)
{
	return csi_is_quick_ack(level, option)
		       ? tell_quick_ack(sock, value, length)
		       : csi_platform_getsockopt(fd, level, option, value, length);
}

int csock_getsockopt(struct csock_socket *sock, int level, int option, void *value, size_t *size)
{
	CSI_NEED(sock, size);
	if (*size > INT_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	csock_handle fd;
	int result = csi_enter(sock, &fd);
	if (result < 0)
		return result;
	socklen_t length = (socklen_t)*size;
	result = get_option(sock, fd, level, option, value, &length) == 0 ? 0 : csi_failure();
	csi_leave(sock);
	if (result == 0)
		*size = (size_t)length;
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
	CSI_NEED(sock);
	if (size > INT_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	csock_handle fd;
	int result = csi_enter(sock, &fd);
	if (result < 0)
		return result;
	if (level == SOL_SOCKET && option == SO_LINGER && lingers(value, size))
		CSI_STORE(sock->slow_close, true);
	result = csi_platform_setsockopt(fd, level, option, value, (socklen_t)size);
	if (result < 0)
		result = csi_failure();
	else if (csi_is_quick_ack(level, option) && size > 0)
		CSI_STORE(sock->quick_ack, *(const uint8_t *)value);
	csi_leave(sock);
	return result;
}

static enum csi_option_form form_of(const struct csock_socket *sock, int level, int option)
{
	/* On most machines SOL_SOCKET and AF_UNIX are the same number. */
	if (level != SOL_SOCKET && level == CSI_LOAD(sock->family)) {
		const struct csock_family *family =
			csock_family_find(level, CSI_LOAD(sock->protocol));
		if (family && family->wide_options)
			return CSI_OPTION_UNSIGNED_64;
	}
	return csi_platform_option_form(level, option);
}

int csock_get_int(struct csock_socket *sock, int level, int option, int64_t *value)
{
	CSI_NEED(sock, value);
	enum csi_option_form form = form_of(sock, level, option);
	union {
		int32_t integer;
		uint32_t narrow;
		uint64_t wide;
	} got = {.wide = 0};
	size_t size = form == CSI_OPTION_UNSIGNED_64 ? sizeof got.wide : sizeof got.narrow;
	int result = csock_getsockopt(sock, level, option, &got, &size);

	if (result < 0)
		return result;
	if (form == CSI_OPTION_INT)
		*value = got.integer;
	else if (size == sizeof got.narrow)
		*value = got.narrow; /* older kernels have only these bits of a wide one */
	else
		*value = (int64_t)got.wide;
	return 0;
}

static bool fits(enum csi_option_form form, int64_t value)
{
	switch (form) {
	case CSI_OPTION_INT:
		return value >= INT_MIN && value <= INT_MAX;
	case CSI_OPTION_UNSIGNED:
		return value >= -1 && value <= UINT32_MAX;
	case CSI_OPTION_UNSIGNED_64:
		return value >= -1;
	}
	return false;
}

int csock_set_int(struct csock_socket *sock, int level, int option, int64_t value)
{
	CSI_NEED(sock);
	enum csi_option_form form = form_of(sock, level, option);
	uint32_t narrow = (uint32_t)value;

	if (!fits(form, value))
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	if (form == CSI_OPTION_UNSIGNED_64)
		return csock_setsockopt(sock, level, option, &value, sizeof value);
	return csock_setsockopt(sock, level, option, &narrow, sizeof narrow);
}
