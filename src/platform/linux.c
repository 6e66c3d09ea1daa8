/*
 * The platform contract on Linux: descriptors, clock, waiting and waking.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <time.h>
#include <unistd.h>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define HAS_SINGLE_THREADED
#endif

#include "failure.h"
#include "platform/platform.h"

#define NANOSECONDS 1000000000

int csi_platform_socket(int family, int type, int protocol)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	return fd >= 0 ? fd : csi_failure();
}

int csi_platform_socketpair(int family, int type, int protocol, int fds[2])
{
	return socketpair(family, type | SOCK_CLOEXEC, protocol, fds) == 0 ? 0 : csi_failure();
}

int csi_platform_accept(int fd, struct sockaddr *addr, socklen_t *length, int flags)
{
	int accepted = accept4(fd, addr, length, flags | SOCK_CLOEXEC);

	return accepted >= 0 ? accepted : csi_failure();
}

int csi_platform_duplicate(int fd)
{
	int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return duplicate >= 0 ? duplicate : csi_failure();
}

int csi_platform_socket_type(int type, bool *nonblocking)
{
	*nonblocking = (type & SOCK_NONBLOCK) != 0;
	return type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int csi_platform_get_inheritable(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags < 0 ? csi_failure() : (flags & FD_CLOEXEC) == 0;
}

int csi_platform_set_inheritable(int fd, bool inheritable)
{
	return ioctl(fd, inheritable ? FIONCLEX : FIOCLEX) == 0 ? 0 : csi_failure();
}

int csi_platform_set_nonblocking(int fd, bool nonblocking)
{
	int on = nonblocking;

	return ioctl(fd, FIONBIO, &on) == 0 ? 0 : csi_failure();
}

bool csi_platform_is_nonblocking(int fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0;
}

static int ask_int(int fd, int option, int *value)
{
	socklen_t length = sizeof *value;

	return getsockopt(fd, SOL_SOCKET, option, value, &length) == 0 ? 0 : csi_failure();
}

int csi_platform_socket_identity(int fd, int *family, int *type, int *protocol)
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

int csi_platform_sendmmsg(int fd, struct csi_message *messages, unsigned int count, int flags)
{
	int sent = sendmmsg(fd, (struct mmsghdr *)messages, count, flags);

	return sent >= 0 ? sent : csi_failure();
}

int csi_platform_recvmmsg(int fd, struct csi_message *messages, unsigned int count, int flags)
{
	int received =
		recvmmsg(fd, (struct mmsghdr *)messages, count, flags | MSG_WAITFORONE, NULL);

	return received >= 0 ? received : csi_failure();
}

bool csi_platform_is_single_threaded(void)
{
#ifdef HAS_SINGLE_THREADED
	return __libc_single_threaded != 0;
#else
	return false;
#endif
}

int64_t csi_platform_clock(void)
{
	struct timespec now;

	/* It cannot fail: the clock always exists, and the pointer is valid. */
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NANOSECONDS + now.tv_nsec;
}

int csi_platform_poll(int fd, short events, int64_t timeout)
{
	struct pollfd entry = {.fd = fd, .events = events};
	struct timespec limit = {.tv_sec = timeout / NANOSECONDS, .tv_nsec = timeout % NANOSECONDS};
	int ready = ppoll(&entry, 1, timeout < 0 ? NULL : &limit, NULL);

	return ready >= 0 ? ready : csi_failure();
}

static pthread_mutex_t wake_lock = PTHREAD_MUTEX_INITIALIZER;
static int wake_signal;

static void wake_handler(int number)
{
	/* The signal only makes the system call return EINTR. */
	(void)number;
}

static bool is_ours(int number)
{
	struct sigaction now;

	return number != 0 && sigaction(number, NULL, &now) == 0 && now.sa_handler == wake_handler;
}

/* Installs the handler if the signal has none. No SA_RESTART: the signal must interrupt. */
static bool claim(int number)
{
	struct sigaction now;
	const struct sigaction ours = {.sa_handler = wake_handler, .sa_flags = SA_ONSTACK};

	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_DFL &&
	       sigaction(number, &ours, NULL) == 0;
}

/*
 * Chooses a signal that the program neither handles nor ignores, and another one if that changes.
 * SIGURG is best: it does not queue, so at most one stays pending for a thread that blocks it, and
 * without a handler the system ignores it. The second choice is the highest free real-time signal.
 */
static int claim_wake_signal(void)
{
	if (is_ours(wake_signal))
		return wake_signal;
	if (claim(SIGURG))
		return wake_signal = SIGURG;
	for (int number = SIGRTMAX; number >= SIGRTMIN; number--)
		if (claim(number))
			return wake_signal = number;
	return csi_system(EAGAIN);
}

int csi_platform_interrupt(pthread_t thread)
{
	pthread_mutex_lock(&wake_lock);
	int result = claim_wake_signal();
	if (result > 0) {
		int error = pthread_kill(thread, result);
		result = error == 0 ? 0 : csi_system(error);
	}
	pthread_mutex_unlock(&wake_lock);
	return result;
}

ssize_t csi_platform_sendfile(int sock, int file, int64_t *offset, size_t size)
{
	off_t at = *offset;
	ssize_t n = sendfile(sock, file, &at, size);

	if (n < 0)
		return csi_failure();
	*offset = at;
	return n;
}

int csi_platform_interface_index(int fd, const char *name)
{
	struct ifreq request = {0};

	strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
	return ioctl(fd, SIOCGIFINDEX, &request) == 0 ? request.ifr_ifindex : csi_failure();
}

int csi_platform_interface_name(int fd, unsigned int index, char name[IF_NAMESIZE])
{
	struct ifreq request = {.ifr_ifindex = (int)index};

	if (ioctl(fd, SIOCGIFNAME, &request) < 0)
		return csi_failure();
	memcpy(name, request.ifr_name, IF_NAMESIZE);
	return 0;
}

int csi_platform_set_host_name(const char *name, size_t length)
{
	return sethostname(name, length) == 0 ? 0 : csi_failure();
}
