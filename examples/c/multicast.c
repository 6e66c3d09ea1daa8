/* Says a text to an IPv4 multicast group on an interface, and prints what it hears for a second. */
#include <netinet/in.h>

#include "common.h"

int main(int argc, char **argv)
{
	need_arguments(argc, 4, "INTERFACE GROUP PORT TEXT");
	int64_t deadline = within(1);
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	char from[CSOCK_ADDRESS_TEXT_MAX], text[1500];
	struct ip_mreqn group = {0};
	struct csock_addr addr;
	ssize_t n;
	group.imr_ifindex = (int)check(argv[1], csock_if_nametoindex(argv[1]));
	check(argv[2], csock_inet_pton(AF_INET, argv[2], (unsigned char *)&group.imr_multiaddr));
	check(argv[3], csock_addr_inet(&addr, argv[2], atoi(argv[3])));
	check("socket", csock_open(&sock, AF_INET, SOCK_DGRAM, 0));
	check("SO_REUSEADDR", csock_set_int(&sock, SOL_SOCKET, SO_REUSEADDR, 1));
	check("bind", csock_bind(&sock, &addr)); /* only for the group's datagrams */
	check("join", csock_setsockopt(&sock, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
	check(argv[1], csock_setsockopt(&sock, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group));
	check("send", csock_sendto(&sock, argv[4], strlen(argv[4]), 0, &addr, deadline));
	while ((n = csock_recvfrom(&sock, text, sizeof text, 0, &addr, deadline)) >= 0)
		printf("%s: %.*s\n", csock_addr_text(&addr, NULL, from, sizeof from), (int)n, text);
	if (csock_status_domain(n) != CSOCK_TIMEOUT)
		check("receive", n);
	return finish(&sock);
}
