/* Prints the SHA-256 digest of its input, which the kernel computes: sha256 <file */
#include "common.h"

int main(void)
{
	static const struct csock_value name[] = {CSOCK_TEXT("hash"), CSOCK_TEXT("sha256")};
	const struct csock_family *family = csock_family_find(AF_ALG, 0);
	struct csock_socket algorithm = CSOCK_SOCKET_INIT, digest = CSOCK_SOCKET_INIT;
	struct csock_addr addr;
	unsigned char data[65536];
	ssize_t n;
	check("address", csock_addr_encode(family, name, 2, NULL, CSOCK_NOW, &addr));
	check("AF_ALG", csock_open(&algorithm, AF_ALG, SOCK_SEQPACKET, 0));
	check("sha256", csock_bind(&algorithm, &addr));
	check("accept", csock_accept(&algorithm, &digest, NULL, 0, CSOCK_NOW));
	while ((n = read(STDIN_FILENO, data, sizeof data)) > 0)
		check("send", csock_send_all(&digest, data, (size_t)n, MSG_MORE, NULL, within(5)));
	if (n < 0)
		err(1, "input");
	n = check("receive", csock_recv(&digest, data, sizeof data, 0, within(5)));
	for (ssize_t i = 0; i < n; i++)
		printf("%02x", data[i]);
	putchar('\n');
	check("close", csock_close(&algorithm));
	return finish(&digest);
}
