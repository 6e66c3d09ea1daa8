/* Lists the addresses of this machine's interfaces, as the kernel dumps them over netlink. */
#include <linux/rtnetlink.h>

#include "common.h"

static void print_address(struct ifaddrmsg *message, size_t size)
{
	char text[CSOCK_INET_TEXT_MAX], name[CSOCK_INTERFACE_NAME_MAX];
	const unsigned char *address = NULL; /* IFA_ADDRESS, unless that is a peer's */
	for (struct rtattr *a = IFA_RTA(message); RTA_OK(a, size); a = RTA_NEXT(a, size))
		if (a->rta_type == IFA_LOCAL || (a->rta_type == IFA_ADDRESS && !address))
			address = RTA_DATA(a);
	if (!address)
		return;
	check("interface", csock_if_indextoname(message->ifa_index, name));
	check(name, csock_inet_ntop(message->ifa_family, address, text));
	printf("%s %s/%d\n", name, text, message->ifa_prefixlen);
}

/* Prints one part of the dump: whether more parts come. */
static bool print_part(struct nlmsghdr *header, size_t size)
{
	for (; NLMSG_OK(header, size); header = NLMSG_NEXT(header, size)) {
		if (header->nlmsg_type == NLMSG_DONE)
			return false;
		if (header->nlmsg_type == NLMSG_ERROR)
			errx(1, "dump: %s",
			     strerror(-((struct nlmsgerr *)NLMSG_DATA(header))->error));
		if (header->nlmsg_flags & NLM_F_DUMP_INTR)
			errx(1, "the addresses have changed meanwhile");
		print_address(NLMSG_DATA(header), IFA_PAYLOAD(header));
	}
	return true;
}

int main(void)
{
	struct {
		struct nlmsghdr header;
		struct ifaddrmsg message;
	} request = {{sizeof request, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {0}};
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct nlmsghdr buffer[2048];
	ssize_t n;
	check("socket", csock_open(&sock, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
	check("send", csock_send(&sock, &request, sizeof request, 0, within(5)));
	do
		n = check("receive", csock_recv(&sock, buffer, sizeof buffer, 0, within(5)));
	while (print_part(buffer, (size_t)n));
	return finish(&sock);
}
