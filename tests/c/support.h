/*
 * What the tests of libcsocket share.
 */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "csocket/csocket.h"

#define MILLISECOND INT64_C(1000000)

/* Fails the test unless the status is that of an errno, or a refusal of a field. */
void assert_errno(ssize_t status, int error);
void assert_refused(int status, enum csock_refusal refusal, unsigned int field);
void assert_domain(ssize_t status, enum csock_domain domain);

/* An address from a host and a port; AF_INET or AF_INET6. */
struct csock_addr host_address(int family, const char *host, int port);

/* How many descriptors this process has open. */
int count_descriptors(void);

/* A socket that listens on the loopback interface, and its address. */
void open_listener(struct csock_socket *listener, int family, struct csock_addr *addr);

#endif
