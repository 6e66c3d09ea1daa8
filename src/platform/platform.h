/*
 * The platform contract: all that libcsocket needs of an operating system beyond POSIX sockets.
 *
 * src/meson.build chooses the files of this folder that implement it for one system. Any thread may
 * call these functions. Unless its comment says otherwise, a function returns a status of
 * csocket/status.h. For a feature that the system lacks, that is CSOCK_SYSTEM with ENOSYS (or
 * EOPNOTSUPP, if the kernel says so at run time).
 */
#ifndef CSI_PLATFORM_H
#define CSI_PLATFORM_H

#include <net/if.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

struct csock_protocol;

/*
 * These return descriptors that are closed on exec (socketpair: 0, and two in fds). type
 * and flags may contain SOCK_NONBLOCK. addr and length may both be NULL.
 */
int csi_platform_socket(int family, int type, int protocol);
int csi_platform_socketpair(int family, int type, int protocol, int fds[2]);
int csi_platform_accept(int fd, struct sockaddr *addr, socklen_t *length, int flags);
int csi_platform_duplicate(int fd);

/* Removes the flags in type. *nonblocking tells whether SOCK_NONBLOCK was among them. */
int csi_platform_socket_type(int type, bool *nonblocking);

/* One system call each, if the system has one. get_inheritable returns 0 or 1. */
int csi_platform_get_inheritable(int fd);
int csi_platform_set_inheritable(int fd, bool inheritable);
int csi_platform_set_nonblocking(int fd, bool nonblocking);
bool csi_platform_is_nonblocking(int fd);

/* A message of a batch: its header, and the number of bytes sent or received. */
struct csi_message {
	struct msghdr header;
	unsigned int length;
};

/*
 * Several messages in one system call: the number sent or received, or a failure if there is none.
 * Receiving waits only for the first.
 */
int csi_platform_sendmmsg(int fd, struct csi_message *messages, unsigned int count, int flags);
int csi_platform_recvmmsg(int fd, struct csi_message *messages, unsigned int count, int flags);

/* Asks the kernel for SO_DOMAIN, SO_TYPE and SO_PROTOCOL. */
int csi_platform_socket_identity(int fd, int *family, int *type, int *protocol);

/* Whether the process has only this thread; false if the system does not tell. */
bool csi_platform_is_single_threaded(void);

/* The monotonic clock in nanoseconds. */
int64_t csi_platform_clock(void);

/*
 * Waits until fd is ready for events (POLLIN, POLLOUT) or has an error, and returns 1. After
 * timeout nanoseconds it returns 0; a negative timeout is no limit. After a signal it returns
 * CSOCK_INTERRUPTED.
 */
int csi_platform_poll(int fd, short events, int64_t timeout);

/*
 * Makes the thread's system call return EINTR, if it is in one that blocks. The first call installs
 * a signal handler; it must not disturb the program's own signals. A failure means that no thread
 * can be interrupted.
 */
int csi_platform_interrupt(pthread_t thread);

/* Sends bytes of a file within the kernel: their number, which is added to *offset. */
ssize_t csi_platform_sendfile(int sock, int file, int64_t *offset, size_t size);

/*
 * The netdb databases, without shared state: 1 with the entry in *result, 0 if there is none, or a
 * failure. The entry's texts are in buffer; ERANGE if that is too small. Ports are in network byte
 * order.
 */
int csi_platform_host_by_name(const char *name, int family, struct hostent *result, char *buffer,
			      size_t size);
int csi_platform_host_by_addr(const void *packed, socklen_t length, int family,
			      struct hostent *result, char *buffer, size_t size);
int csi_platform_service_by_name(const char *name, const char *protocol, struct servent *result,
				 char *buffer, size_t size);
int csi_platform_service_by_port(int port, const char *protocol, struct servent *result,
				 char *buffer, size_t size);
int csi_platform_protocol_by_name(const char *name, struct protoent *result, char *buffer,
				  size_t size);

/* Interfaces in the network namespace of a socket: the index, above 0; or 0 and the name. */
int csi_platform_interface_index(int fd, const char *name);
int csi_platform_interface_name(int fd, unsigned int index, char name[IF_NAMESIZE]);

/* The table of csock_protocol_table. */
const struct csock_protocol *csi_platform_protocols(size_t *count);

int csi_platform_set_host_name(const char *name, size_t length);

/* Calls for other systems will be added here, such as ioctl() and share() of Windows. */

#endif
