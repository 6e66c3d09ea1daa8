/*
 * Runs of datagrams, and the sockets that exchange them.
 */
#ifndef TEST_SEGMENTS_H
#define TEST_SEGMENTS_H

#include "support.h"

#define DATA_SIZE 300000

/* Every byte depends on its position, from the fixture on. */
extern char data[DATA_SIZE];
int fill_data(void **state);

void set_option(struct csock_socket *sock, int level, int option, int value);

/* A sender, and a receiver with room, bound to the address. */
void open_both(int family, int protocol, struct csock_socket *a, struct csock_socket *b,
	       struct csock_addr *to);

/*
 * Asserts that the data arrives in datagrams of this size, the last one shorter, and nothing else.
 */
void assert_datagrams(struct csock_socket *sock, size_t size, size_t segment_size);

/* Sends that much data in datagrams of this size, to an address and to a peer. */
void exchange(int family, int protocol, size_t size, size_t segment_size);

/* Exchanges single datagrams, empty and cut ones. */
void assert_single_datagrams(struct csock_socket *a, struct csock_socket *b,
			     const struct csock_addr *to);

bool has_ipv6(void);

#endif
