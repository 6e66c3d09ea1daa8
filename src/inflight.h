/*
 * Calls in flight: who is using a socket's descriptor, so that closing never pulls it away.
 *
 * Every call brackets its use of the descriptor with csi_enter and csi_leave. A call that may
 * block also registers as a waiter, so that csock_close can wake it.
 */
#ifndef CSI_INFLIGHT_H
#define CSI_INFLIGHT_H

#include <pthread.h>
#include <stdbool.h>

#include "csocket/socket.h"

struct csock_waiter {
	pthread_t thread;
	struct csock_waiter *next;
};

/* The descriptor, which stays open until csi_leave; or EBADF, and then nothing to leave. */
int csi_enter(struct csock_socket *sock);
void csi_leave(struct csock_socket *sock);

/* Puts this thread among those to be woken, and takes it away again. */
void csi_waiter_add(struct csock_socket *sock, struct csock_waiter *waiter);
void csi_waiter_remove(struct csock_socket *sock, struct csock_waiter *waiter);

/* Whether somebody has closed the socket meanwhile. */
bool csi_is_closed(const struct csock_socket *sock);

/* Gives an empty socket its descriptor: 0, or EBUSY while calls of its last life are inside. */
int csi_install(struct csock_socket *sock, int fd);

/* Takes the descriptor out of use without closing it; -1 if there is none. */
int csi_withdraw(struct csock_socket *sock);

/* Closes a withdrawn descriptor, now or as the last call leaves: 0 or close's failure. */
int csi_retire(struct csock_socket *sock, int fd);

#endif
