/* Prints the addresses of a host, as getent ahosts does. */
#include "common.h"

int main(int argc, char **argv)
{
	need_arguments(argc, 1, "HOST");
	const struct csock_hints hints = {.flags = AI_CANONNAME | AI_ADDRCONFIG};
	const char *const types[] = {
		[SOCK_STREAM] = "STREAM", [SOCK_DGRAM] = "DGRAM", [SOCK_RAW] = "RAW"};
	struct csock_socket none = CSOCK_SOCKET_INIT;
	struct csock_resolution *resolution;
	const struct csock_resolved *r;
	char host[CSOCK_ADDRESS_HOST_MAX];
	check(argv[1], csock_resolve(argv[1], NULL, &hints, CSOCK_NEVER, &resolution));
	while ((r = csock_resolution_next(resolution))) {
		check("address", csock_addr_host(&r->addr, NULL, host));
		printf("%-15s %-6s %s\n", host, types[r->type],
		       r->canonical_name ? r->canonical_name : "");
	}
	csock_resolution_free(resolution);
	return finish(&none);
}
