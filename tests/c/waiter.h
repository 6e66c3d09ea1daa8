/*
 * Calls that wait until their socket is closed, for the tests that close it.
 */
#ifndef TEST_WAITER_H
#define TEST_WAITER_H

#include "support.h"

#include <pthread.h>

/* The calls that can wait, without and with a deadline. */
enum kind {
	RECV,
	RECV_UNTIL,
	ACCEPT,
	ACCEPT_UNTIL,
	CONNECT,
	CONNECT_UNTIL,
	SEND,
	SEND_UNTIL
};
#define KINDS 8

/* A call in a thread, which waits until its socket is closed. */
struct waiter {
	enum kind kind;
	struct csock_socket sock;
	struct csock_socket peer;
	struct csock_socket queue[2]; /* fill the backlog of the peer */
	struct csock_addr addr;
	bool blocks_signals;
	int pending; /* signals that were left pending for the thread */
	ssize_t result;
	pthread_t thread;
};

/* Opens the sockets. */
void prepare_waiter(struct waiter *waiter, enum kind kind);

/* The call, which can only wait. */
ssize_t make_call(struct waiter *waiter);

/* The function of a thread that makes the call; and one that starts such a thread. */
void *wait_for_close(void *waiter);
void start_waiter(struct waiter *waiter, bool blocks_signals);

/* Closes the socket. That must end the call, and leave no signal behind. */
void close_and_join(struct waiter *waiter);

/* Closes the other sockets. */
void release_waiter(struct waiter *waiter);

/* Closes sockets under waiting calls of every kind, which must wake them. */
void assert_closing_wakes(bool blocks_signals);

/* Sets the action for the signals from first to last. */
void handle_signals(int first, int last, void (*action)(int));

#endif
