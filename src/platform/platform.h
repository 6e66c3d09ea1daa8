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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csocket/system.h"

#include "platform/names.h"
#include "platform/threads.h"

struct csock_interface;
struct csock_keepalive;
struct csock_protocol;

/*
 * These make descriptors that are closed on exec. type and flags may contain SOCK_NONBLOCK. addr
 * and length may both be NULL.
 */
int csi_platform_socket(int family, int type, int protocol, csock_handle *fd);
int csi_platform_socketpair(int family, int type, int protocol, csock_handle fds[2]);
int csi_platform_accept(csock_handle fd, struct sockaddr *addr, socklen_t *length, int flags,
			csock_handle *accepted);
int csi_platform_duplicate(csock_handle fd, csock_handle *duplicate);

/* Removes the flags in type. *nonblocking tells whether SOCK_NONBLOCK was among them. */
int csi_platform_socket_type(int type, bool *nonblocking);

/* One system call each, if the system has one. get_inheritable returns 0 or 1. */
int csi_platform_get_inheritable(csock_handle fd);
int csi_platform_set_inheritable(csock_handle fd, bool inheritable);
int csi_platform_set_nonblocking(csock_handle fd, bool nonblocking);
bool csi_platform_is_nonblocking(csock_handle fd);

/* A message of a batch: its header, and the number of bytes sent or received. */
struct csi_message {
	struct msghdr header;
	unsigned int length;
};

/*
 * Several messages in one system call: the number sent or received, or a failure if there is none.
 * Receiving waits only for the first.
 */
int csi_platform_sendmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags);
int csi_platform_recvmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags);

/* Asks the kernel for SO_DOMAIN, SO_TYPE and SO_PROTOCOL. */
int csi_platform_socket_identity(csock_handle fd, int *family, int *type, int *protocol);

/* The form of an option that is a number. */
enum csi_option_form {
	CSI_OPTION_INT,
	CSI_OPTION_UNSIGNED, /* 32 bits */
	CSI_OPTION_UNSIGNED_64,
};

/* The form that the kernel expects at a level; CSI_OPTION_INT for options that it does not know. */
enum csi_option_form csi_platform_option_form(int level, int option);

/* Joins or leaves a multicast group, an AF_INET or AF_INET6 address of any length, at an interface.
 */
int csi_platform_change_group(csock_handle fd, const void *group, socklen_t length,
			      unsigned int index, bool joins);

/* Sets those times of TCP's keepalive probes that are not 0. */
int csi_platform_set_keepalive_times(csock_handle fd, const struct csock_keepalive *times);

/* The monotonic clock in nanoseconds. */
int64_t csi_platform_clock(void);

/*
 * Waits until a descriptor is ready for its events or has an error (poll(2)): the number of such
 * descriptors; 0 after timeout nanoseconds; CSOCK_INTERRUPTED after a signal. A negative timeout is
 * no limit.
 */
int csi_platform_poll(struct pollfd *entries, unsigned int count, int64_t timeout);

/* The limit of the kernel's own waiting in ns (SO_SNDTIMEO, SO_RCVTIMEO); negative for none. */
int64_t csi_platform_kernel_limit(csock_handle fd, bool sending);

/* Closes a descriptor (close(2)): 0, or its failure. It is no cancellation point. */
int csi_platform_close(csock_handle fd);

/* What identifies the open file of a descriptor. */
int csi_platform_file_id(csock_handle fd, uint64_t *device, uint64_t *inode);

/*
 * The signal that would end a system call of this thread; 0 if there is none, because the thread
 * blocks it, or because the program uses it. On Windows it stands for cancelling what waits for the
 * socket in the kernel, but not in a poll (CSI_SIGNAL_ENDS_POLL).
 */
int csi_platform_wake_signal(void);

/* The signal that csi_platform_choose_signal chose, whether or not it would end a call. */
int csi_platform_chosen_signal(void);

/*
 * Ends the system call on fd that blocks the thread, if it is in one, by that signal. It installs a
 * handler if there is none: EBUSY if the program has begun to use the signal. No two threads call
 * this or csi_platform_choose_signal at once.
 */
int csi_platform_interrupt(csi_thread thread, csock_handle fd, int number);

/* Chooses the signal, or none with 0. */
int csi_platform_choose_signal(int number);

/*
 * Starts a thread that nobody joins: 0, or a failure. No signal interrupts it. The library is not
 * unloaded any more, because the thread may go on for long.
 */
int csi_platform_start_thread(void *(*run)(void *), void *arg);

/*
 * Descriptors that end a poll(2) of another thread: fds[0] is ready for reading from the first
 * csi_platform_wake(fds[1]) until csi_platform_wake_clear(fds[0]). Both may be the same. These are
 * async-signal-safe.
 */
int csi_platform_wake_open(csock_handle fds[2]);
int csi_platform_wake(csock_handle fd);
int csi_platform_wake_clear(csock_handle fd);
void csi_platform_wake_close(const csock_handle fds[2]);

/*
 * Sends bytes of a file within the kernel: their number, which is added to *offset. flags may
 * contain MSG_NOSIGNAL and MSG_DONTWAIT; sendfile(2) has no flag, so that the mode of the
 * descriptor decides whether it waits.
 */
ssize_t csi_platform_sendfile(csock_handle sock, csock_handle file, int64_t *offset, size_t size,
			      int flags);

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

/*
 * Interfaces in the network namespace of a socket, or in that of the thread if fd is
 * CSOCK_NO_HANDLE: the index, above 0; or 0 and the name, in CSOCK_INTERFACE_NAME_MAX bytes.
 */
int csi_platform_interface_index(csock_handle fd, const char *name);
int csi_platform_interface_name(csock_handle fd, unsigned int index, char *name);

/* All interfaces: their number, and a list for free(). */
int csi_platform_interfaces(struct csock_interface **list);

/* The table of csock_protocol_at. */
const struct csock_protocol *csi_platform_protocols(size_t *count);

/*
 * The text of a code of CSOCK_SYSTEM, CSOCK_RESOLVER or CSOCK_HOST_DATABASE: in the buffer, cut to
 * its size, or elsewhere.
 */
const char *csi_platform_error_text(int code, char *buffer, size_t size);
const char *csi_platform_resolver_text(int code, char *buffer, size_t size);
const char *csi_platform_host_text(int code, char *buffer, size_t size);

/* inet_aton(3): whether the text is an address, in network byte order. */
bool csi_platform_inet_aton(const char *text, struct in_addr *address);

/* This machine's name, with a final zero, if need be cut to the size. */
int csi_platform_host_name(char *name, size_t size);
int csi_platform_set_host_name(const char *name, size_t length);

#endif
