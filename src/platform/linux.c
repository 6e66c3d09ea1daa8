/*
 * The platform contract on Linux: descriptors, clock and waiting.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "platform/kernel_time.h"
#include "platform/platform.h"
#include "platform/posix.h"
#include "platform/sigpipe.h"

_Static_assert(sizeof(off_t) == sizeof(int64_t), "files beyond 2 GiB: -D_FILE_OFFSET_BITS=64");

int csi_platform_socket(int family, int type, int protocol, csock_handle *fd)
{
	*fd = socket(family, type | SOCK_CLOEXEC, protocol);
	return *fd >= 0 ? 0 : csi_failure();
}

int csi_platform_socketpair(int family, int type, int protocol, csock_handle fds[2])
{
	return socketpair(family, type | SOCK_CLOEXEC, protocol, fds) == 0 ? 0 : csi_failure();
}

int csi_platform_accept(csock_handle fd, struct sockaddr *addr, socklen_t *length, int flags,
			csock_handle *accepted)
{
	*accepted = accept4(fd, addr, length, flags | SOCK_CLOEXEC);
	return *accepted >= 0 ? 0 : csi_failure();
}

int csi_platform_duplicate(csock_handle fd, csock_handle *duplicate)
{
	*duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return *duplicate >= 0 ? 0 : csi_failure();
}

int csi_platform_socket_type(int type, bool *nonblocking)
{
	*nonblocking = (type & SOCK_NONBLOCK) != 0;
	return type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int csi_platform_get_inheritable(csock_handle fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags < 0 ? csi_failure() : (flags & FD_CLOEXEC) == 0;
}

int csi_platform_set_inheritable(csock_handle fd, bool inheritable)
{
	return ioctl(fd, inheritable ? FIONCLEX : FIOCLEX) == 0 ? 0 : csi_failure();
}

int csi_platform_set_nonblocking(csock_handle fd, bool nonblocking)
{
	int on = nonblocking;

	return ioctl(fd, FIONBIO, &on) == 0 ? 0 : csi_failure();
}

bool csi_platform_is_nonblocking(csock_handle fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
}

static int ask_int(csock_handle fd, int option, int *value)
{
	socklen_t length = sizeof *value;

	return getsockopt(fd, SOL_SOCKET, option, value, &length) == 0 ? 0 : csi_failure();
}

int csi_platform_socket_identity(csock_handle fd, int *family, int *type, int *protocol)
{
	int result = ask_int(fd, SO_DOMAIN, family);

	if (result == 0)
		result = ask_int(fd, SO_TYPE, type);
	if (result == 0)
		result = ask_int(fd, SO_PROTOCOL, protocol);
	return result;
}

_Static_assert(sizeof(struct csi_message) == sizeof(struct mmsghdr) &&
		       offsetof(struct csi_message, header) == offsetof(struct mmsghdr, msg_hdr) &&
		       offsetof(struct csi_message, length) == offsetof(struct mmsghdr, msg_len),
	       "laid out as struct mmsghdr");

/* POSIX has no such calls, and C libraries do not agree on the type of the flags. */
#ifdef __GLIBC__
typedef int mmsg_flags;
#else
typedef unsigned int mmsg_flags;
#endif

int csi_platform_sendmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags)
{
	int sent = sendmmsg(fd, (struct mmsghdr *)messages, count, (mmsg_flags)flags);

	return sent >= 0 ? sent : csi_failure();
}

int csi_platform_recvmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags)
{
	int received = recvmmsg(fd, (struct mmsghdr *)messages, count,
				(mmsg_flags)(flags | MSG_WAITFORONE), NULL);

	return received >= 0 ? received : csi_failure();
}

int64_t csi_platform_clock(void)
{
	struct timespec now;

	/* It cannot fail: the clock always exists, and the pointer is valid. */
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * CSI_NANOSECONDS + now.tv_nsec;
}

int csi_platform_poll(struct pollfd *entries, unsigned int count, int64_t timeout)
{
	struct timespec limit = {
		.tv_sec = csi_seconds(timeout / CSI_NANOSECONDS),
		.tv_nsec = (long)(timeout % CSI_NANOSECONDS),
	};
	int ready = ppoll(entries, count, timeout < 0 ? NULL : &limit, NULL);

	return ready >= 0 ? ready : csi_failure();
}

int64_t csi_platform_kernel_limit(csock_handle fd, bool sending)
{
	csi_kernel_limit limit;
	socklen_t length = sizeof limit;

	if (getsockopt(fd, SOL_SOCKET, sending ? SO_SNDTIMEO : SO_RCVTIMEO, &limit, &length) < 0 ||
	    (limit.tv_sec == 0 && limit.tv_usec == 0))
		return -1;
	return csi_kernel_limit_ns(&limit);
}

int csi_platform_wake_open(csock_handle fds[2])
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return csi_failure();
	fds[0] = fds[1] = fd;
	return 0;
}

int csi_platform_wake(csock_handle fd)
{
	const uint64_t one = 1;

	/* EAGAIN: the count is at its end, so the descriptor is ready anyway. */
	return write(fd, &one, sizeof one) == sizeof one || errno == EAGAIN ? 0 : csi_failure();
}

int csi_platform_wake_clear(csock_handle fd)
{
	uint64_t count;

	return read(fd, &count, sizeof count) == sizeof count || errno == EAGAIN ? 0
										 : csi_failure();
}

void csi_platform_wake_close(const csock_handle fds[2])
{
	(void)csi_platform_close(fds[0]);
}

ssize_t csi_platform_sendfile(csock_handle sock, csock_handle file, int64_t *offset, size_t size,
			      int flags)
{
	struct csi_sigpipe held;
	off_t at = *offset;

	if (flags & MSG_NOSIGNAL)
		csi_sigpipe_hold(&held);
	ssize_t n = sendfile(sock, file, &at, size);
	ssize_t result = n >= 0 ? n : csi_failure();
	if (flags & MSG_NOSIGNAL)
		csi_sigpipe_release(&held, result == csi_system(EPIPE));
	if (n >= 0)
		*offset = at;
	return result;
}

int csi_platform_interface_index(csock_handle fd, const char *name)
{
	struct ifreq request = {0};

	if (fd == CSOCK_NO_HANDLE)
		return csi_posix_interface_index(name);
	strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
	return ioctl(fd, SIOCGIFINDEX, &request) == 0 ? request.ifr_ifindex : csi_failure();
}

int csi_platform_interface_name(csock_handle fd, unsigned int index, char *name)
{
	struct ifreq request = {.ifr_ifindex = (int)index};

	if (fd == CSOCK_NO_HANDLE)
		return csi_posix_interface_name(index, name);
	if (ioctl(fd, SIOCGIFNAME, &request) < 0)
		return csi_failure();
	memcpy(name, request.ifr_name, IF_NAMESIZE);
	return 0;
}

const char *csi_platform_error_text(int code, char *buffer, size_t size)
{
#ifdef __GLIBC__
	return strerror_r(code, buffer, size);
#else
	/* The form of POSIX. It fails if it had to cut the text. */
	(void)strerror_r(code, buffer, size);
	return buffer;
#endif
}

int csi_platform_set_host_name(const char *name, size_t length)
{
	return sethostname(name, length) == 0 ? 0 : csi_failure();
}
