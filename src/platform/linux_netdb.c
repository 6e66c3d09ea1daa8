/*
 * The platform contract on Linux: the netdb databases, with the reentrant calls of glibc and musl.
 */
#include <errno.h>

#include "failure.h"
#include "platform/platform.h"

/* Whether a reentrant call without an entry tells that there is none. */
#ifdef __GLIBC__
static bool means_none(int error)
{
	return error == 0 || error == ENOENT;
}
#else
#include "sockets_lock.h"

#define NETDB_SUCCESS 0
#define NETDB_INTERNAL (-1)

/* EINVAL: musl knows the services of TCP and UDP only. */
static bool means_none(int error)
{
	return error == 0 || error == ENOENT || error == EINVAL;
}

/* musl's protocols are constants in its code, and their texts stay; the entry is shared. */
static int getprotobyname_r(const char *name, struct protoent *result, char *buffer, size_t size,
			    struct protoent **entry)
{
	(void)buffer;
	(void)size;
	bool locked = csi_lock_sockets();
	const struct protoent *shared = getprotobyname(name);

	if (shared)
		*result = *shared;
	csi_unlock_sockets(locked);
	*entry = shared ? result : NULL;
	return 0;
}
#endif

/* The result of a reentrant call, from its error number and its entry, which may be NULL. */
static int found(int error, const void *result)
{
	if (!means_none(error))
		return csi_system(error);
	return result != NULL;
}

/* The same for the host database, which has its own error codes (h_errno) beside errno. */
static int host_found(int error, const void *result, int code)
{
	if (error == ERANGE)
		return csi_system(error);
	if (result)
		return 1;
	if (code == NETDB_SUCCESS)
		return 0;
	if (code == NETDB_INTERNAL)
		return csi_system(error);
	return csock_status_make(CSOCK_HOST_DATABASE, code);
}

int csi_platform_host_by_name(const char *name, int family, struct hostent *result, char *buffer,
			      size_t size)
{
	struct hostent *entry = NULL;
	int code = NETDB_SUCCESS;
	int error = gethostbyname2_r(name, family, result, buffer, size, &entry, &code);

	return host_found(error, entry, code);
}

int csi_platform_host_by_addr(const void *packed, socklen_t length, int family,
			      struct hostent *result, char *buffer, size_t size)
{
	struct hostent *entry = NULL;
	int code = NETDB_SUCCESS;
	int error = gethostbyaddr_r(packed, length, family, result, buffer, size, &entry, &code);

	return host_found(error, entry, code);
}

int csi_platform_service_by_name(const char *name, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	struct servent *entry = NULL;
	int error = getservbyname_r(name, protocol, result, buffer, size, &entry);

	return found(error, entry);
}

int csi_platform_service_by_port(int port, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	struct servent *entry = NULL;
	int error = getservbyport_r(port, protocol, result, buffer, size, &entry);

	return found(error, entry);
}

int csi_platform_protocol_by_name(const char *name, struct protoent *result, char *buffer,
				  size_t size)
{
	struct protoent *entry = NULL;
	int error = getprotobyname_r(name, result, buffer, size, &entry);

	return found(error, entry);
}
