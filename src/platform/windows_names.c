/*
 * The platform contract on Windows: names and numbers that no database has.
 */
#include <string.h>

#include "csocket/protocol.h"
#include "failure.h"
#include "family/protocol_numbers.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* inet_addr() has no number for a failure but that of the broadcast address. */
bool csi_platform_inet_aton(const char *text, struct in_addr *address)
{
	/* It takes a text of one space for 0, and lets anything follow a space, as glibc does. */
	if (*text == '\0' || *text == ' ')
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
		{"AF_HYPERV", "HV_PROTOCOL_RAW", AF_HYPERV, SOCK_STREAM, HV_PROTOCOL_RAW,
		 "Windows 10 1607, Hyper-V"},
		{"AF_BLUETOOTH", "BTPROTO_RFCOMM", AF_BLUETOOTH, SOCK_STREAM, BTPROTO_RFCOMM,
		 "a Bluetooth radio"},
	};

	*count = sizeof protocols / sizeof *protocols;
	return protocols;
}
