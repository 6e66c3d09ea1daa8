/*
 * The table of protocols, and a probe whether the kernel supports one.
 */
#include "csocket/protocol.h"

#include "csocket/socket.h"
#include "failure.h"
#include "platform/platform.h"

const struct csock_protocol *csock_protocol_at(size_t index)
{
	size_t count;
	const struct csock_protocol *table = csi_platform_protocols(&count);

	return index < count ? &table[index] : NULL;
}

/* Whether the kernel lacks the family, type or protocol, or has it switched off (ENOPROTOOPT). */
static bool means_absent(int error)
{
	return error == EAFNOSUPPORT || error == ESOCKTNOSUPPORT || error == EPROTONOSUPPORT ||
	       error == EPROTOTYPE || error == ENOPROTOOPT;
}

int csock_protocol_probe(const struct csock_protocol *protocol)
{
	CSI_NEED(protocol);
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	int result = csock_open(&sock, protocol->family, protocol->type, protocol->protocol);

	if (result == 0) {
		result = csock_close(&sock);
		return result < 0 ? result : 1;
	}
	if (csock_status_domain(result) == CSOCK_SYSTEM &&
	    means_absent(csi_platform_errno(csock_status_code(result))))
		return 0;
	return result;
}
