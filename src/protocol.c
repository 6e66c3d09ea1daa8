/*
 * Which protocols there are, and which of them the kernel has.
 */
#include "csocket/protocol.h"

#include "csocket/socket.h"
#include "failure.h"
#include "platform/platform.h"

const struct csock_protocol *csock_protocol_table(size_t *count)
{
	return csi_platform_protocols(count);
}

/* The family, the type in it, or the protocol of the two is not there; or switched off. */
static bool means_absent(int error)
{
	return error == EAFNOSUPPORT || error == ESOCKTNOSUPPORT || error == EPROTONOSUPPORT ||
	       error == EPROTOTYPE || error == ENOPROTOOPT;
}

int csock_protocol_probe(const struct csock_protocol *protocol)
{
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	int result = csock_open(&sock, protocol->family, protocol->type, protocol->protocol);

	if (result == 0) {
		result = csock_close(&sock);
		return result < 0 ? result : 1;
	}
	if (csock_status_domain(result) == CSOCK_SYSTEM && means_absent(csock_status_code(result)))
		return 0;
	return result;
}
