/*
 * IP addresses as text and as packed bytes.
 */
#include "csocket/inet.h"

#include <string.h>

#include "failure.h"
#include "platform/platform.h"

_Static_assert(CSOCK_INET_TEXT_MAX >= CSI_INET_TEXT_MAX, "room for any address");

int csock_inet_size(int family)
{
	switch (family) {
	case AF_INET:
		return CSOCK_INET_SIZE;
	case AF_INET6:
		return CSOCK_INET6_SIZE;
	default:
		return csi_system(EAFNOSUPPORT);
	}
}

int csock_inet_pton(int family, const char *text, unsigned char *packed)
{
	CSI_NEED(text, packed);
	int result = inet_pton(family, text, packed);

	if (result < 0)
		return csi_failure();
	return result == 1 ? 0 : csock_status_refuse(CSOCK_REFUSED_SYNTAX, 0);
}

int csock_inet_ntop(int family, const unsigned char *packed, char text[CSOCK_INET_TEXT_MAX])
{
	CSI_NEED(packed, text);
	return inet_ntop(family, packed, text, CSOCK_INET_TEXT_MAX) ? 0 : csi_failure();
}

int csock_inet_aton(const char *text, unsigned char packed[CSOCK_INET_SIZE])
{
	CSI_NEED(text, packed);
	struct in_addr address;

	if (!csi_platform_inet_aton(text, &address))
		return csock_status_refuse(CSOCK_REFUSED_SYNTAX, 0);
	memcpy(packed, &address, sizeof address);
	return 0;
}
