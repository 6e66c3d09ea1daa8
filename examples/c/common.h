/* What the examples share: a failure is told, and ends the program. */
#include <csocket/csocket.h>
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define within(seconds) csock_deadline_after((seconds)*CSOCK_SECOND)

/* Tells a failure, and returns the result. */
static inline ssize_t tell(const char *what, ssize_t result)
{
	char text[CSOCK_STATUS_TEXT_MAX];
	if (result < 0)
		warnx("%s: %s", what, csock_status_text(result, text, sizeof text));
	return result;
}

static inline ssize_t check(const char *what, ssize_t result)
{
	if (tell(what, result) < 0)
		exit(1);
	return result;
}

static inline void need_arguments(int argc, int needed, const char *names)
{
	if (argc != needed + 1)
		errx(2, "arguments: %s", names);
}

/* Ends a program: its exit status. Output that was lost is a failure too. */
static inline int finish(struct csock_socket *sock)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		err(1, "output");
	return (int)check("close", csock_close(sock));
}
