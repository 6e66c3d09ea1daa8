/*
 * The names of POSIX that the library's files use, on every system: Windows lacks some.
 */
#ifndef CSI_PLATFORM_NAMES_H
#define CSI_PLATFORM_NAMES_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "platform/system.h"

#if defined(_WIN32)

/* No call raises a signal, has an error queue, or brings descriptors. */
#define MSG_NOSIGNAL 0
#define MSG_ERRQUEUE 0
#define MSG_CMSG_CLOEXEC 0

/* Winsock does not know this option, and refuses it. */
#define SO_REUSEPORT 0x0200

/* Families for which mingw-w64 has no name, or another one. */
#define AF_BLUETOOTH 32
#define AF_HYPERV 34

/* From afunix.h of the Windows SDK. */
struct sockaddr_un {
	unsigned short sun_family;
	char sun_path[108];
};

struct iovec {
	void *iov_base;
	size_t iov_len;
};

/* csi_platform_sendmsg and csi_platform_recvmsg make a WSAMSG of it. */
struct msghdr {
	void *msg_name;
	socklen_t msg_namelen;
	struct iovec *msg_iov;
	size_t msg_iovlen;
	void *msg_control;
	size_t msg_controllen;
	int msg_flags;
};

#define cmsghdr _WSACMSGHDR
#undef CMSG_LEN
#undef CMSG_SPACE
#define CSI_ALIGNED(size) (((size) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))
#define CMSG_LEN(size) (CSI_ALIGNED(sizeof(struct cmsghdr)) + (size))
#define CMSG_SPACE(size) (CSI_ALIGNED(sizeof(struct cmsghdr)) + CSI_ALIGNED(size))

typedef ADDRESS_FAMILY sa_family_t;

/* INET6_ADDRSTRLEN has room for a port and a scope too. */
#define CSI_INET_TEXT_MAX 46

/* Windows 10 1709 has them, and mingw-w64 not yet. */
#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE 3
#define TCP_KEEPCNT 16
#define TCP_KEEPINTVL 17
#endif

/* SIO_TCP_SET_ACK_FREQUENCY, which mingw-w64 lacks too, in place of TCP_QUICKACK. */
#define CSI_TCP_QUICKACK ((int)0x98000017)

/* The first place of the bytes in the memory, or NULL. */
static inline void *memmem(const void *memory, size_t size, const void *wanted, size_t length)
{
	const char *at = memory, *end = at + size;

	while (length <= (size_t)(end - at)) {
		at = memchr(at, *(const char *)wanted, (size_t)(end - at) - length + 1);
		if (!at || memcmp(at, wanted, length) == 0)
			return (void *)(uintptr_t)at;
		at++;
	}
	return NULL;
}

/* getaddrinfo() has no error that stands for the system's last one. */
#define CSI_EAI_SYSTEM 0

/* No other socket can take the port of a listening socket. */
#define CSI_LISTEN_OPTION SO_EXCLUSIVEADDRUSE

/* The times in struct linger. */
typedef u_short csi_linger_time;

/* An interface of IP_MULTICAST_IF, by its index. */
typedef DWORD csi_ipv4_interface;
#define CSI_IPV4_INTERFACE(index) htonl(index)
#define CSI_LINGER_MAX UINT16_MAX

#else

#define CSI_INET_TEXT_MAX INET6_ADDRSTRLEN

#define CSI_EAI_SYSTEM EAI_SYSTEM

/* A listening socket gets its port even if old connections still use it. */
#define CSI_LISTEN_OPTION SO_REUSEADDR

typedef int csi_linger_time;

typedef struct ip_mreqn csi_ipv4_interface;
#define CSI_IPV4_INTERFACE(index)                                                                  \
	{                                                                                          \
		.imr_ifindex = (int)(index)                                                        \
	}
#define CSI_LINGER_MAX INT_MAX

#endif

/*
 * Sizes in struct msghdr and struct cmsghdr. POSIX has them narrower than the kernel; glibc follows
 * the kernel, and musl follows POSIX.
 */
typedef __typeof__(((struct msghdr *)0)->msg_iovlen) csi_iovlen;
typedef __typeof__(((struct msghdr *)0)->msg_controllen) csi_controllen;
typedef __typeof__(((struct cmsghdr *)0)->cmsg_len) csi_cmsglen;

/* What does not fit is sent as the largest number, which the kernel refuses as it would this one.
 */
static inline csi_iovlen csi_iovlen_of(size_t count)
{
	return sizeof(csi_iovlen) < sizeof count && count > INT_MAX ? INT_MAX : (csi_iovlen)count;
}

/* The same; for receiving it is room enough. */
static inline csi_controllen csi_controllen_of(size_t size)
{
	return sizeof(csi_controllen) < sizeof size && size > INT_MAX ? INT_MAX
								      : (csi_controllen)size;
}

#endif
