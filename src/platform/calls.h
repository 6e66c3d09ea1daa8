/*
 * The calls of sockets that POSIX and Winsock share, with POSIX's types. They are inline, and fail
 * as the system's own do: csi_failure() has the reason.
 */
#ifndef CSI_PLATFORM_CALLS_H
#define CSI_PLATFORM_CALLS_H

#include <stdbool.h>

#include "csocket/address.h"

#include "platform/compiler.h"
#include "platform/names.h"

/* The length of a received address. If the kernel had to cut it, it returns the whole length. */
static inline uint32_t csi_address_length(socklen_t length)
{
	return (size_t)length <= CSOCK_ADDRESS_MAX ? (uint32_t)length : CSOCK_ADDRESS_MAX;
}

#if defined(_WIN32)

/* Winsock takes sizes as int. Of a longer buffer only a part is used. */
static inline int csi_int_size(size_t size)
{
	return size > INT_MAX ? INT_MAX : (int)size;
}

/* Starts Winsock, unless it is started. To be called before any other call of Winsock. */
void csi_platform_start(void);

/* connect() never says 0 for a connection that was begun: once it is made, it says EISCONN. */
#define CSI_FORGETS_CONNECTIONS true

/*
 * Winsock has no MSG_DONTWAIT: only non-blocking mode keeps a call from waiting. A try sets that
 * mode, unless the socket has it anyway, and restores the socket's own mode at its end. Tries do
 * not overlap, so that none ends while another needs the mode. Whoever sets the mode for good does
 * so between tries.
 */
#define CSI_TRIES_CHANGE_MODE true
void csi_platform_try_begin(csock_handle fd);
void csi_platform_try_end(csock_handle fd, bool nonblocking);

/* Only a try can receive several messages: a call that waits receives one. */
#define CSI_WAITS_FOR_ONE true

/* Wine ignores MSG_WAITALL, and a call that is cancelled may have received a part. */
#define CSI_KERNEL_GATHERS false

/* Winsock refuses MSG_WAITALL where it does not wait, and beside MSG_PEEK. */
static inline int csi_receive_flags(int flags)
{
	int unknown = flags & (MSG_DONTWAIT | MSG_PEEK) ? MSG_DONTWAIT | MSG_WAITALL : 0;

	return flags & ~unknown;
}

static inline ssize_t csi_platform_recv(csock_handle fd, void *buffer, size_t size, int flags)
{
	return recv(fd, buffer, csi_int_size(size), csi_receive_flags(flags));
}

/*
 * A stream leaves the address and its length as they are. To notice that, a receiving call clears
 * the family of the address first.
 */
static inline void csi_no_name(struct sockaddr *addr)
{
	addr->sa_family = AF_UNSPEC;
}

static inline socklen_t csi_name_length(const struct sockaddr *addr, socklen_t length)
{
	return addr->sa_family == AF_UNSPEC ? 0 : length;
}

static inline ssize_t csi_platform_recvfrom(csock_handle fd, void *buffer, size_t size, int flags,
					    void *addr, socklen_t *length)
{
	csi_no_name(addr);
	int n = recvfrom(fd, buffer, csi_int_size(size), csi_receive_flags(flags), addr, length);
	*length = csi_name_length(addr, *length);
	return n;
}

static inline ssize_t csi_platform_sendto(csock_handle fd, const void *data, size_t size, int flags,
					  const void *addr, socklen_t length)
{
	return sendto(fd, data, csi_int_size(size), flags & ~MSG_DONTWAIT, addr, length);
}

int csi_platform_setsockopt(csock_handle fd, int level, int option, const void *value,
			    socklen_t length);

/* An I/O control stands for TCP_QUICKACK. Windows does not tell its value. */
static inline bool csi_is_quick_ack(int level, int option)
{
	return level == IPPROTO_TCP && option == CSI_TCP_QUICKACK;
}

#define CSI_KEEPS_QUICK_ACK true

ssize_t csi_platform_sendmsg(csock_handle fd, const struct msghdr *header, int flags);
ssize_t csi_platform_recvmsg(csock_handle fd, struct msghdr *header, int flags);

#else

#include <sys/syscall.h>

static inline void csi_platform_start(void)
{
}

static inline int csi_platform_setsockopt(csock_handle fd, int level, int option, const void *value,
					  socklen_t length)
{
	return setsockopt(fd, level, option, value, length);
}

/* The system tells the values of all options. */
static inline bool csi_is_quick_ack(int level, int option)
{
	(void)level;
	(void)option;
	return false;
}

#define CSI_KEEPS_QUICK_ACK false

#define CSI_FORGETS_CONNECTIONS false

#define CSI_KERNEL_GATHERS true

#define CSI_TRIES_CHANGE_MODE false

static inline void csi_platform_try_begin(csock_handle fd)
{
	(void)fd;
}

static inline void csi_platform_try_end(csock_handle fd, bool nonblocking)
{
	(void)fd;
	(void)nonblocking;
}

#define CSI_WAITS_FOR_ONE false

static inline ssize_t csi_platform_recv(csock_handle fd, void *buffer, size_t size, int flags)
{
	return recv(fd, buffer, size, flags);
}

static inline ssize_t csi_platform_recvfrom(csock_handle fd, void *buffer, size_t size, int flags,
					    void *addr, socklen_t *length)
{
	return recvfrom(fd, buffer, size, flags, addr, length);
}

static inline ssize_t csi_platform_sendto(csock_handle fd, const void *data, size_t size, int flags,
					  const void *addr, socklen_t length)
{
	return sendto(fd, data, size, flags, addr, length);
}

/*
 * sendmsg(2). On 64-bit systems musl copies the control data, to clear the upper halves of its
 * sizes, and has room for 1 KiB. More goes to the kernel as it is (csock_ancillary_encode has
 * cleared it), and then the call is no cancellation point.
 */
static inline ssize_t csi_platform_sendmsg(csock_handle fd, const struct msghdr *header, int flags)
{
#if !defined(__GLIBC__) && LONG_MAX > INT_MAX
	if (header->msg_controllen > 1024)
		return syscall(SYS_sendmsg, fd, header, flags);
#endif
	return sendmsg(fd, header, flags);
}

static inline ssize_t csi_platform_recvmsg(csock_handle fd, struct msghdr *header, int flags)
{
	return recvmsg(fd, header, flags);
}

#endif

static inline int csi_platform_getsockopt(csock_handle fd, int level, int option, void *value,
					  socklen_t *length)
{
	return getsockopt(fd, level, option, value, length);
}

#endif
