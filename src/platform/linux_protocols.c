/*
 * The protocols of Linux, with the kernel versions, options and modules that they need.
 */
#include <netinet/in.h>
#include <sys/socket.h>

#include "csocket/protocol.h"
#include "family/protocol_numbers.h"
#include "platform/platform.h"

#define OVER(family, version)                                                                      \
	{#family, "IPPROTO_TCP", family, SOCK_STREAM, IPPROTO_TCP, version},                       \
		{#family, "IPPROTO_UDP", family, SOCK_DGRAM, IPPROTO_UDP, version},                \
		{#family, "IPPROTO_UDPLITE", family, SOCK_DGRAM, IPPROTO_UDPLITE, version},        \
		{#family,       "IPPROTO_MPTCP",                                                   \
		 family,        SOCK_STREAM,                                                       \
		 IPPROTO_MPTCP, "Linux 5.6, CONFIG_MPTCP, sysctl net.mptcp.enabled=1"},            \
		{#family,     "IPPROTO_SCTP", family,                                              \
		 SOCK_STREAM, IPPROTO_SCTP,   "CONFIG_IP_SCTP, modprobe sctp"},                    \
	{                                                                                          \
#family, "IPPROTO_DCCP", family, SOCK_DCCP, IPPROTO_DCCP,                          \
			"Linux before 6.16, CONFIG_IP_DCCP, modprobe dccp"                         \
	}

static const struct csock_protocol protocols[] = {
	{"AF_UNIX", "SOCK_STREAM", AF_UNIX, SOCK_STREAM, 0, "CONFIG_UNIX"},
	OVER(AF_INET, "CONFIG_INET"),
	OVER(AF_INET6, "CONFIG_IPV6"),
	{"AF_NETLINK", "SOCK_RAW", AF_NETLINK, SOCK_RAW, 0, "CONFIG_NET"},
	{"AF_PACKET", "SOCK_RAW", AF_PACKET, SOCK_RAW, 0, "CONFIG_PACKET, CAP_NET_RAW"},
	{"AF_CAN", "CAN_RAW", AF_CAN, SOCK_RAW, CAN_RAW, "CONFIG_CAN_RAW, modprobe can-raw"},
	{"AF_CAN", "CAN_BCM", AF_CAN, SOCK_DGRAM, CAN_BCM, "CONFIG_CAN_BCM, modprobe can-bcm"},
	{"AF_CAN", "CAN_ISOTP", AF_CAN, SOCK_DGRAM, CAN_ISOTP,
	 "Linux 5.10, CONFIG_CAN_ISOTP, modprobe can-isotp"},
	{"AF_CAN", "CAN_J1939", AF_CAN, SOCK_DGRAM, CAN_J1939,
	 "Linux 5.4, CONFIG_CAN_J1939, modprobe can-j1939"},
	{"AF_TIPC", "SOCK_RDM", AF_TIPC, SOCK_RDM, 0, "CONFIG_TIPC, modprobe tipc"},
	{"AF_BLUETOOTH", "BTPROTO_L2CAP", AF_BLUETOOTH, SOCK_SEQPACKET, BTPROTO_L2CAP,
	 "CONFIG_BT, modprobe bluetooth"},
	{"AF_BLUETOOTH", "BTPROTO_RFCOMM", AF_BLUETOOTH, SOCK_STREAM, BTPROTO_RFCOMM,
	 "CONFIG_BT_RFCOMM, modprobe rfcomm"},
	{"AF_BLUETOOTH", "BTPROTO_HCI", AF_BLUETOOTH, SOCK_RAW, BTPROTO_HCI,
	 "CONFIG_BT, modprobe bluetooth"},
	{"AF_BLUETOOTH", "BTPROTO_SCO", AF_BLUETOOTH, SOCK_SEQPACKET, BTPROTO_SCO,
	 "CONFIG_BT_BREDR, modprobe bluetooth"},
	{"AF_ALG", "SOCK_SEQPACKET", AF_ALG, SOCK_SEQPACKET, 0,
	 "CONFIG_CRYPTO_USER_API_*, modprobe algif_hash (_skcipher, _aead, _rng)"},
	{"AF_VSOCK", "SOCK_STREAM", AF_VSOCK, SOCK_STREAM, 0,
	 "CONFIG_VSOCKETS, a virtual machine or modprobe vsock_loopback"},
	{"AF_QIPCRTR", "SOCK_DGRAM", AF_QIPCRTR, SOCK_DGRAM, 0, "CONFIG_QRTR, modprobe qrtr"},
	{"AF_RDS", "SOCK_SEQPACKET", AF_RDS, SOCK_SEQPACKET, 0,
	 "CONFIG_RDS, modprobe rds and rds_tcp"},
};

const struct csock_protocol *csi_platform_protocols(size_t *count)
{
	*count = sizeof protocols / sizeof *protocols;
	return protocols;
}
