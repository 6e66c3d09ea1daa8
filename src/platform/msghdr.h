/*
 * Sizes in struct msghdr and struct cmsghdr. POSIX has them narrower than the kernel; glibc follows
 * the kernel, and musl follows POSIX.
 */
#ifndef CSI_PLATFORM_MSGHDR_H
#define CSI_PLATFORM_MSGHDR_H

#include <limits.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/*
 * sendmsg(2). On 64-bit systems musl copies the control data, to clear the upper halves of its
 * sizes, and has room for 1 KiB. More goes to the kernel as it is (csock_ancillary_encode has
 * cleared it), and then the call is no cancellation point.
 */
static inline ssize_t csi_sendmsg(csock_handle fd, const struct msghdr *header, int flags)
{
#if !defined(__GLIBC__) && LONG_MAX > INT_MAX
	if (header->msg_controllen > 1024)
		return syscall(SYS_sendmsg, fd, header, flags);
#endif
	return sendmsg(fd, header, flags);
}

#endif
