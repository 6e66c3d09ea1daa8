/*
 * The platform contract on Linux: the options that are not an int.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "platform/platform.h"

/* From the kernel's headers, where those of older C libraries lack the name. */
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif
#ifndef IPV6_UNICAST_IF
#define IPV6_UNICAST_IF 76
#endif
#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

static const struct {
	int level;
	int option;
	enum csi_option_form form;
} forms[] = {
	{SOL_SOCKET, SO_COOKIE, CSI_OPTION_UNSIGNED_64},
	{SOL_SOCKET, SO_INCOMING_NAPI_ID, CSI_OPTION_UNSIGNED},
	{SOL_SOCKET, SO_MARK, CSI_OPTION_UNSIGNED},
	/* An unsigned long in kernels from 4.20 on; before that 32 bits of it. */
	{SOL_SOCKET, SO_MAX_PACING_RATE,
	 sizeof(long) == sizeof(uint64_t) ? CSI_OPTION_UNSIGNED_64 : CSI_OPTION_UNSIGNED},
	{SOL_SOCKET, SO_NETNS_COOKIE, CSI_OPTION_UNSIGNED_64},
	/* The handle of a class of traffic control is a priority too. */
	{SOL_SOCKET, SO_PRIORITY, CSI_OPTION_UNSIGNED},
	/* The index of an interface, in network byte order. */
	{IPPROTO_IP, IP_UNICAST_IF, CSI_OPTION_UNSIGNED},
	{IPPROTO_IPV6, IPV6_UNICAST_IF, CSI_OPTION_UNSIGNED},
	/* Two ports. */
	{IPPROTO_IP, IP_LOCAL_PORT_RANGE, CSI_OPTION_UNSIGNED},
	{IPPROTO_TCP, TCP_NOTSENT_LOWAT, CSI_OPTION_UNSIGNED},
	{IPPROTO_TCP, TCP_QUEUE_SEQ, CSI_OPTION_UNSIGNED},
	{IPPROTO_TCP, TCP_TIMESTAMP, CSI_OPTION_UNSIGNED},
};

enum csi_option_form csi_platform_option_form(int level, int option)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].level == level && forms[i].option == option)
			return forms[i].form;
	return CSI_OPTION_INT;
}
