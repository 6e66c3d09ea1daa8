/* Loads the library, lets it end a waiting call, and unloads it. Prints who has the signal. */
#include <csocket/csocket.h>
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static __typeof__(&csock_recv) recv_until_closed;
static struct csock_socket a = CSOCK_SOCKET_INIT, b = CSOCK_SOCKET_INIT;

static void *wait_for_close(void *arg)
{
	char byte;

	recv_until_closed(&a, &byte, 1, 0, CSOCK_NEVER);
	return arg;
}

static int has_handler(void)
{
	struct sigaction now;

	sigaction(SIGURG, NULL, &now);
	return now.sa_handler != SIG_DFL;
}

int main(int argc, char **argv)
{
	void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	pthread_t thread;

	if (!library)
		return 2;
	*(void **)&recv_until_closed = dlsym(library, "csock_recv");
	__typeof__(&csock_open_pair) open_pair;
	__typeof__(&csock_close) close_socket;
	*(void **)&open_pair = dlsym(library, "csock_open_pair");
	*(void **)&close_socket = dlsym(library, "csock_close");
	open_pair(&a, &b, AF_UNIX, SOCK_STREAM, 0);
	pthread_create(&thread, NULL, wait_for_close, NULL);
	usleep(100000);
	close_socket(&a);
	pthread_join(thread, NULL);
	close_socket(&b);
	printf("%d ", has_handler());
	dlclose(library);
	printf("%d\n", has_handler());
	fflush(stdout);
	/* The hooks for fork() are gone too. */
	pid_t child = fork();
	if (child == 0)
		_exit(raise(SIGURG));
	return child < 0 || waitpid(child, NULL, 0) != child || raise(SIGURG);
}
