/*
 * Helpers for the tests of libcsocket.
 */
#ifndef TEST_SUPPORT_H
#define TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "csocket/csocket.h"
#include "platform/errors.h"
#include "platform/names.h"

#define MILLISECOND INT64_C(1000000)

/* Fails the test unless the status is that of an errno, or a refusal of a field. */
void assert_errno(ssize_t status, int error);
void assert_refused(ssize_t status, enum csock_refusal refusal, unsigned int field);
void assert_domain(ssize_t status, enum csock_domain domain);

/* Fails the test unless the constant has this number. */
void assert_constant(const char *name, int64_t number);

/* Values of each kind. */
struct csock_value integer(int64_t number);
struct csock_value text(const char *data);
struct csock_value bytes(const void *data, size_t length);

/* Fails the test unless both have the same kind and value; a text also needs its final zero. */
void assert_value(const struct csock_value *value, const struct csock_value *expected);

/* An address from a host and a port; AF_INET or AF_INET6. */
struct csock_addr host_address(int family, const char *host, int port);

/* The row, which must exist, and a closed socket of its protocol. */
const struct csock_family *family_row(int family, int protocol);
struct csock_socket socket_of(const struct csock_family *row);

/* The address of these values, which must be valid. */
struct csock_addr encoded(const struct csock_family *row, const struct csock_value *values,
			  size_t count);

/* Fails the test unless the values are refused with this status, and the address is unchanged. */
void assert_encode_refused(const struct csock_family *row, const struct csock_value *values,
			   size_t count, enum csock_refusal refusal, unsigned int field);

/*
 * Fails the test unless the values encode to these bytes; or the address decodes to these values.
 */
void assert_encodes(const struct csock_family *row, const struct csock_value *values, size_t count,
		    const void *sockaddr, size_t length);
void assert_decodes(const struct csock_family *row, const struct csock_addr *addr,
		    const struct csock_value *values, size_t count);

/* Fails the test unless an integer field accepts minimum to maximum; the other values are valid. */
void assert_range(const struct csock_family *row, const struct csock_value *values, size_t count,
		  unsigned int field, int64_t minimum, int64_t maximum);

/* Fails the test unless this is the shortest length of the address that can be decoded. */
void assert_shortest(const struct csock_family *row, const struct csock_addr *addr,
		     uint32_t length);

/* Fails the test unless this is the address as text. */
void assert_format(const struct csock_family *row, const struct csock_addr *addr,
		   const char *expected);

/* An address of these bytes; and the first length of one, for free(), in memory that ends there. */
struct csock_addr address_of(const void *sockaddr, size_t length);
struct csock_addr *cut_address(const struct csock_addr *whole, uint32_t length);

/* The family in which the system makes pairs of streams. */
int pair_family(void);

/* Opens two connected datagram sockets: a pair of UNIX sockets where the system makes them. */
void open_datagrams(struct csock_socket *a, struct csock_socket *b);

/* The name and the number of the loopback interface. */
const char *loopback_name(void);
unsigned int loopback_index(void);

/* A file that ends with the test, its bytes at an offset, and its end. */
csock_handle make_file(void);
void write_at(csock_handle file, int64_t offset, const void *data, size_t size);
void close_file(csock_handle file);

/* Whether the descriptor is open. */
bool is_open_descriptor(csock_handle fd);

/* The number of open descriptors of this process; on Windows of its sockets. */
int count_descriptors(void);

/* What a call fails with when the kernel's own limit ends it (SO_RCVTIMEO, SO_SNDTIMEO). */
extern const int kernel_limit_error;

/* The longest limit that it keeps. */
extern const int64_t kernel_limit_max;

/* Sleeps for less than a second, or until a signal comes. */
void pause_for(int64_t nanoseconds);

/* Ends the process if it goes on for so long: no call that should end may hang for ever. */
void limit_time(unsigned int seconds);

/*
 * Sends a signal at this interval, which interrupts system calls; 0 stops it. A single signal might
 * come before the call that it has to interrupt.
 */
void interrupt_every(int64_t nanoseconds);

/* A fixture: two connected streams. */
struct streams {
	struct csock_socket a;
	struct csock_socket b;
};
int open_streams(void **state);
int close_streams(void **state);

void close_both(struct csock_socket *a, struct csock_socket *b);

/* A socket that listens on the loopback interface, and its address. */
void open_listener(struct csock_socket *listener, int family, struct csock_addr *addr);

/* Connects clients until the listener's queue is full, so that further attempts wait. */
void fill_queue(struct csock_socket *listener, struct csock_socket *clients, size_t count,
		const struct csock_addr *addr);

#endif
