/*
 * The platform contract on Windows: names of hosts, services and protocols.
 */
#include "failure.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* Winsock itself keeps an entry for each thread, until the thread's next call. */

/* Why a call has returned no entry: 0 if there is none, or a failure. */
static int missing(void)
{
	int code = WSAGetLastError();

	return code == WSANO_DATA || code == WSAHOST_NOT_FOUND ? 0 : csi_failure();
}

/* The same for the host database, which has error codes of its own. */
static int host_missing(void)
{
	return csock_status_make(CSOCK_HOST_DATABASE, WSAGetLastError());
}

int csi_platform_host_by_name(const char *name, int family, struct hostent *result, char *buffer,
			      size_t size)
{
	(void)family;
	(void)buffer;
	(void)size;
	csi_platform_start();
	const struct hostent *entry = gethostbyname(name);
	if (!entry)
		return host_missing();
	*result = *entry;
	return 1;
}

int csi_platform_host_by_addr(const void *packed, socklen_t length, int family,
			      struct hostent *result, char *buffer, size_t size)
{
	(void)buffer;
	(void)size;
	csi_platform_start();
	const struct hostent *entry = gethostbyaddr(packed, length, family);
	if (!entry)
		return host_missing();
	*result = *entry;
	return 1;
}

int csi_platform_service_by_name(const char *name, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	(void)buffer;
	(void)size;
	csi_platform_start();
	const struct servent *entry = getservbyname(name, protocol);
	if (!entry)
		return missing();
	*result = *entry;
	return 1;
}

int csi_platform_service_by_port(int port, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	(void)buffer;
	(void)size;
	csi_platform_start();
	const struct servent *entry = getservbyport(port, protocol);
	if (!entry)
		return missing();
	*result = *entry;
	return 1;
}

int csi_platform_protocol_by_name(const char *name, struct protoent *result, char *buffer,
				  size_t size)
{
	(void)buffer;
	(void)size;
	csi_platform_start();
	const struct protoent *entry = getprotobyname(name);
	if (!entry)
		return missing();
	*result = *entry;
	return 1;
}
