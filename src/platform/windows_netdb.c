/*
 * The platform contract on Windows: names of hosts, services and protocols.
 */
#include <string.h>

#include "csocket/protocol.h"
#include "failure.h"
#include "platform/calls.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* Winsock keeps an entry for each thread, and the texts in it until the thread's next call. */

/* What a call without an entry tells: 0 if there is none, or a failure. */
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

/* inet_addr() has no number for a failure but that of the broadcast address. */
bool csi_platform_inet_aton(const char *text, struct in_addr *address)
{
	/* It takes a text of one space for 0. */
	if (*text == '\0' || strchr(text, ' '))
		return false;
	address->s_addr = inet_addr(text);
	return address->s_addr != INADDR_NONE || strcmp(text, "255.255.255.255") == 0;
}

int csi_platform_host_name(char *name, size_t size)
{
	WCHAR wide[256];
	DWORD length = sizeof wide / sizeof *wide;

	if (!GetComputerNameExW(ComputerNamePhysicalDnsHostname, wide, &length))
		return csi_windows_failure(GetLastError());
	int written =
		WideCharToMultiByte(CP_UTF8, 0, wide, (int)length, name, (int)size - 1, NULL, NULL);
	if (written == 0 && length > 0)
		return csi_windows_failure(GetLastError());
	name[written] = '\0';
	return 0;
}

int csi_platform_set_host_name(const char *name, size_t length)
{
	(void)name;
	(void)length;
	return csi_system(ENOSYS);
}

const struct csock_protocol *csi_platform_protocols(size_t *count)
{
	static const struct csock_protocol protocols[] = {
		{"AF_UNIX", "SOCK_STREAM", AF_UNIX, SOCK_STREAM, 0, "Windows 10 1803"},
		{"AF_INET", "IPPROTO_TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP, ""},
		{"AF_INET", "IPPROTO_UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP, ""},
		{"AF_INET6", "IPPROTO_TCP", AF_INET6, SOCK_STREAM, IPPROTO_TCP, ""},
		{"AF_INET6", "IPPROTO_UDP", AF_INET6, SOCK_DGRAM, IPPROTO_UDP, ""},
	};

	*count = sizeof protocols / sizeof *protocols;
	return protocols;
}
