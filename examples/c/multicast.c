/* Says a text to an IPv4 multicast group on an interface, and prints what it hears for a second. */
#include "common.h"

int main(int argc, char **argv)
{
	need_arguments(argc, 4, "INTERFACE GROUP PORT TEXT");
	int64_t deadline = within(1);
	unsigned int interface = (unsigned int)check(argv[1], csock_if_nametoindex(argv[1]));
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	char from[CSOCK_ADDRESS_TEXT_MAX], text[1500];
	struct csock_addr addr;
	ssize_t n;
	check(argv[2], csock_addr_inet(&addr, argv[2], atoi(argv[3])));
	check("socket", csock_open(&sock, AF_INET, SOCK_DGRAM, 0));
	check("SO_REUSEADDR", csock_set_int(&sock, SOL_SOCKET, SO_REUSEADDR, 1));
	check("bind", csock_bind(&sock, &addr)); /* only for the group's datagrams */
	check("join", csock_join_group(&sock, &addr, interface));
	check(argv[1], csock_set_multicast_interface(&sock, interface));
	check("send", csock_sendto(&sock, argv[4], strlen(argv[4]), 0, &addr, deadline));
	while ((n = csock_recvfrom(&sock, text, sizeof text, 0, &addr, deadline)) >= 0)
		printf("%s: %.*s\n", csock_addr_text(&addr, NULL, from, sizeof from), (int)n, text);
	if (csock_status_domain(n) != CSOCK_TIMEOUT)
		check("receive", n);
	return finish(&sock);
}
