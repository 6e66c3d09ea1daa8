/* Sends its input as UDP datagrams of 1,200 bytes; the kernel cuts up to 54 at a time (GSO). */
#include "common.h"

int main(int argc, char **argv)
{
	need_arguments(argc, 2, "HOST PORT");
	const struct csock_hints hints = {.type = SOCK_DGRAM};
	struct csock_socket sock = CSOCK_SOCKET_INIT;
	struct csock_resolution *resolution;
	static char data[54 * 1200];
	size_t size;
	ssize_t n;
	check(argv[1], csock_resolve(argv[1], argv[2], &hints, CSOCK_NEVER, &resolution));
	check(argv[1], csock_connect_any(&sock, resolution, 0, within(5)));
	csock_resolution_free(resolution);
	while ((size = fread(data, 1, sizeof data, stdin)) > 0)
		for (size_t sent = 0; sent < size; sent += (size_t)n)
			n = check("send", csock_send_segments(&sock, data + sent, size - sent, 1200,
							      0, NULL, within(5)));
	if (ferror(stdin))
		err(1, "input");
	return finish(&sock);
}
