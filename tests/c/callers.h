/*
 * Threads in calls on a socket, for the tests that close it.
 */
#ifndef TEST_CALLERS_H
#define TEST_CALLERS_H

#include "support.h"

#include <pthread.h>

/* A thread in a call on a socket: the call, its deadline, and its result. */
struct caller {
	struct csock_socket *sock;
	const struct csock_addr *addr;
	int64_t deadline;
	char byte;   /* the byte that call_late_recv received */
	int is_late; /* it has begun to wait before its system call */
	ssize_t result;
	pthread_t thread;
};

/* Functions of threads: each makes the call of its name. */
void *call_recv(void *caller);
void *call_accept(void *caller);

/* A recv that loses the processor for 60 ms, just before the system call. */
void *call_late_recv(void *caller);

/* Waits until that many threads in call_late_recv have begun to wait. */
void wait_until_late(struct caller *callers, int count);

/* Starts that many threads in calls on a socket. */
void start_callers(struct caller *callers, int count, struct csock_socket *sock, int64_t deadline,
		   void *(*call)(void *));

/* Waits for the threads. Fails the test unless the close of the socket ended their calls. */
void expect_closed(struct caller *callers, int count);

/* Closes a socket that is in use, and waits until it is not. */
void close_in_use(struct csock_socket *sock);

#endif
