/* Sends a text to an echo server: one deadline for the name, the connection and the answer. */
#include "common.h"

int main(int argc, char **argv)
{
	need_arguments(argc, 3, "HOST PORT TEXT");
	int64_t deadline = within(10);
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	char buffer[4096];
	ssize_t n;
	check(argv[1], csock_connect_to(&sock, argv[1], argv[2], deadline));
	check("send", csock_send_all(&sock, argv[3], strlen(argv[3]), 0, NULL, deadline));
	check("shutdown", csock_shutdown(&sock, SHUT_WR)); /* the server sees the end of the text */
	while ((n = check("receive", csock_recv(&sock, buffer, sizeof buffer, 0, deadline))) > 0)
		(void)fwrite(buffer, 1, (size_t)n, stdout);
	putchar('\n');
	return finish(&sock);
}
