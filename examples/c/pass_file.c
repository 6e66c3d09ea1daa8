/* Opens a file, and passes it to another process, which prints it and needs no right to open it. */
#include <fcntl.h>
#include <sys/wait.h>

#include "common.h"

static int print_file(struct csock_socket *sock)
{
	char buffer[4096];
	size_t count = 1;
	int file;
	ssize_t n;
	check("receive", csock_recv_fds(sock, buffer, 1, &file, &count, 0, within(5)));
	if (count != 1)
		errx(1, "no file has come");
	while ((n = read(file, buffer, sizeof buffer)) > 0)
		(void)fwrite(buffer, 1, (size_t)n, stdout);
	if (n < 0)
		err(1, "read");
	check("close", csock_descriptor_close(file));
	return finish(sock);
}

int main(int argc, char **argv)
{
	need_arguments(argc, 1, "FILE");
	struct csock_socket parent = CSOCK_SOCKET_INIT, child = CSOCK_SOCKET_INIT;
	check("sockets", csock_open_pair(&parent, &child, AF_UNIX, SOCK_STREAM, 0));
	pid_t pid = fork();
	check("close", csock_close(pid == 0 ? &parent : &child));
	if (pid == 0)
		return print_file(&child);
	int status = 1, file = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (pid < 0 || file < 0)
		err(1, "%s", pid < 0 ? "fork" : argv[1]);
	check("send", csock_send_fds(&parent, "", 1, &file, 1, 0, within(5)));
	check("close", csock_descriptor_close(file));
	(void)waitpid(pid, &status, 0);
	return finish(&parent) || status != 0;
}
