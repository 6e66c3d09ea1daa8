/*
 * The platform contract on Windows: waiting, and waking what waits.
 *
 * CancelIoEx() ends a call that waits in the kernel. It does not end WSAPoll(): that polls one more
 * socket, which is connected to itself, and a datagram to that one ends it.
 */
#include <stdlib.h>

#include "failure.h"
#include "platform/kernel_time.h"
#include "platform/platform.h"
#include "platform/windows.h"

/* Up to so many entries are on the stack. */
#define FEW 64

/* While a connection is under way, the wait checks this often whether it has failed. */
#define SLICE_MS 50

/* The rest of the time in ms, rounded up; negative for no limit. */
static int milliseconds_left(int64_t deadline)
{
	if (deadline < 0)
		return -1;
	int64_t left = deadline - csi_platform_clock();
	if (left <= 0)
		return 0;
	left = (left + CSI_MILLISECOND - 1) / CSI_MILLISECOND;
	return left < INT_MAX ? (int)left : INT_MAX;
}

/*
 * Copies the entries that have a socket: their number. WSAPoll() refuses requests for POLLPRI, and
 * for the events that it always tells.
 */
static unsigned int gather(const struct pollfd *entries, unsigned int count, struct pollfd *polled)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < count; i++)
		if (entries[i].fd != INVALID_SOCKET)
			polled[used++] = (struct pollfd){
				.fd = entries[i].fd,
				.events = (short)(entries[i].events & (POLLIN | POLLOUT)),
			};
	return used;
}

/* POLLIN has two bits on Windows, of which WSAPoll() sets one. */
static short events_of(const struct pollfd *polled)
{
	return (short)(polled->revents & POLLIN ? polled->revents | POLLIN : polled->revents);
}

static void scatter(struct pollfd *entries, unsigned int count, const struct pollfd *polled,
		    unsigned int used)
{
	for (unsigned int i = 0, at = 0; i < count; i++) {
		entries[i].revents = 0;
		if (entries[i].fd != INVALID_SOCKET && at < used)
			entries[i].revents = events_of(&polled[at++]);
	}
}

/* Polls, or sleeps if there is nothing to poll. */
static int poll_once(struct pollfd *polled, unsigned int used, int milliseconds)
{
	if (used > 0)
		return WSAPoll(polled, used, milliseconds);
	Sleep(milliseconds < 0 ? INFINITE : (DWORD)milliseconds);
	return 0;
}

static bool has_peer(SOCKET fd)
{
	struct sockaddr_storage name;
	socklen_t length = sizeof name;

	return getpeername(fd, (struct sockaddr *)&name, &length) == 0;
}

/* Whether an entry may wait for its connection. */
static bool is_connecting(const struct pollfd *polled, unsigned int used)
{
	for (unsigned int i = 0; i < used; i++)
		if ((polled[i].events & POLLOUT) && !has_peer(polled[i].fd))
			return true;
	return false;
}

/* select() tells of urgent data in the same way, but that comes from a peer. */
static bool has_failed(SOCKET fd)
{
	struct timeval none = {0, 0};
	fd_set failed = {.fd_count = 1, .fd_array = {fd}};

	return select(0, NULL, NULL, &failed, &none) == 1 && !has_peer(fd);
}

/*
 * Notes the connections that have failed: their number. WSAPoll() tells of them only from Windows
 * 10 2004 on.
 */
static int note_failed(struct pollfd *polled, unsigned int used)
{
	int count = 0;

	for (unsigned int i = 0; i < used; i++) {
		if (!(polled[i].events & POLLOUT) || !has_failed(polled[i].fd))
			continue;
		polled[i].revents = POLLOUT | POLLERR | POLLHUP;
		count++;
	}
	return count;
}

/* Polls until the deadline: as csi_platform_poll(). */
static int poll_until(struct pollfd *polled, unsigned int used, int64_t deadline)
{
	bool connecting = is_connecting(polled, used);
	int ready;

	/* A turn lasts a slice, or as long as WSAPoll() can wait. */
	do {
		int milliseconds = milliseconds_left(deadline);
		if (connecting && (milliseconds < 0 || milliseconds > SLICE_MS))
			milliseconds = SLICE_MS;
		ready = poll_once(polled, used, milliseconds);
		if (ready == 0 && connecting)
			ready = note_failed(polled, used);
	} while (ready == 0 && milliseconds_left(deadline) != 0);
	return ready < 0 ? csi_failure() : ready;
}

int csi_platform_poll(struct pollfd *entries, unsigned int count, int64_t timeout)
{
	struct pollfd few[FEW], *polled = count <= FEW ? few : calloc(count, sizeof *polled);
	int64_t deadline = timeout < 0 ? -1 : csi_platform_clock() + timeout;

	if (!polled)
		return csi_system(ENOMEM);
	unsigned int used = gather(entries, count, polled);
	int result = poll_until(polled, used, deadline);
	scatter(entries, count, polled, used);
	if (polled != few)
		free(polled);
	return result;
}

/* Stands for CancelIoEx(). */
#define CANCELS 1

int csi_platform_wake_signal(void)
{
	return CANCELS;
}

int csi_platform_chosen_signal(void)
{
	return CANCELS;
}

int csi_platform_interrupt(csi_thread thread, csock_handle fd, int number)
{
	(void)thread;
	(void)number;
	/* It fails if the call has not begun yet, or has ended. */
	(void)CancelIoEx((HANDLE)fd, NULL);
	return 0;
}

/* Windows has no signal to choose. */
int csi_platform_choose_signal(int number)
{
	return number == 0 ? 0 : csi_system(EINVAL);
}

/* Connects a socket to itself. */
static int connect_to_itself(csock_handle fd)
{
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof own;

	if (bind(fd, (const struct sockaddr *)&own, length) != 0 ||
	    getsockname(fd, (struct sockaddr *)&own, &length) != 0 ||
	    connect(fd, (const struct sockaddr *)&own, length) != 0)
		return csi_failure();
	return 0;
}

int csi_platform_wake_clear(csock_handle fd)
{
	char byte;

	/* Those of other programs have any size. */
	while (recv(fd, &byte, 1, 0) >= 0 || WSAGetLastError() == WSAEMSGSIZE)
		;
	return WSAGetLastError() == WSAEWOULDBLOCK ? 0 : csi_failure();
}

int csi_platform_wake_open(csock_handle fds[2])
{
	int result = csi_platform_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0, &fds[0]);

	if (result < 0)
		return result;
	result = connect_to_itself(fds[0]);
	/* Until it was connected, any program could send to it. */
	if (result == 0)
		result = csi_platform_wake_clear(fds[0]);
	if (result < 0)
		(void)closesocket(fds[0]);
	fds[1] = fds[0];
	return result;
}

/* If the socket is full, it is ready anyway. */
int csi_platform_wake(csock_handle fd)
{
	char byte = 0;

	return send(fd, &byte, 1, 0) == 1 || WSAGetLastError() == WSAEWOULDBLOCK ? 0
										 : csi_failure();
}

void csi_platform_wake_close(const csock_handle fds[2])
{
	(void)closesocket(fds[0]);
}
