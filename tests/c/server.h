/*
 * A listener for the tests of clients and servers by name.
 */
#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include "support.h"

extern struct csock_socket listener;

/* Listens at a free port. */
void listen_on(const char *host, const struct csock_listen_options *options);

/* The listener's port, as a service. */
const char *service(void);

/* A deadline for what should end before. */
int64_t soon(void);

/* A listener that lets nobody in: the kernel does not answer, until its backlog has room. */
void fill_backlog(void);
void empty_backlog(void);

/* The results of a numeric host without a type: TCP, UDP, and raw. */
struct csock_resolution *resolve_all_types(const char *host, const char *port);

#endif
