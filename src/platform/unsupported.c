/*
 * The platform contract on a system without a port yet: it links, and its calls fail with ENOSYS.
 */
#include "platform/platform.h"

#include "csocket/protocol.h"
#include "failure.h"
#include "platform/posix.h"

int csi_platform_socket(int family, int type, int protocol, csock_handle *fd)
{
	(void)fd;
	(void)family;
	(void)type;
	(void)protocol;
	return csi_system(ENOSYS);
}

int csi_platform_socketpair(int family, int type, int protocol, csock_handle fds[2])
{
	(void)family;
	(void)type;
	(void)protocol;
	(void)fds;
	return csi_system(ENOSYS);
}

int csi_platform_accept(csock_handle fd, struct sockaddr *addr, socklen_t *length, int flags,
			csock_handle *accepted)
{
	(void)fd;
	(void)addr;
	(void)length;
	(void)flags;
	(void)accepted;
	return csi_system(ENOSYS);
}

int csi_platform_duplicate(csock_handle fd, csock_handle *duplicate)
{
	(void)duplicate;
	(void)fd;
	return csi_system(ENOSYS);
}

int csi_platform_socket_type(int type, bool *nonblocking)
{
	*nonblocking = false;
	return type;
}

int csi_platform_get_inheritable(csock_handle fd)
{
	(void)fd;
	return csi_system(ENOSYS);
}

int csi_platform_set_inheritable(csock_handle fd, bool inheritable)
{
	(void)fd;
	(void)inheritable;
	return csi_system(ENOSYS);
}

int csi_platform_set_nonblocking(csock_handle fd, bool nonblocking)
{
	(void)fd;
	(void)nonblocking;
	return csi_system(ENOSYS);
}

bool csi_platform_is_nonblocking(csock_handle fd)
{
	(void)fd;
	return false;
}

int csi_platform_socket_identity(csock_handle fd, int *family, int *type, int *protocol)
{
	(void)fd;
	(void)family;
	(void)type;
	(void)protocol;
	return csi_system(ENOSYS);
}

int csi_platform_sendmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags)
{
	(void)fd;
	(void)messages;
	(void)count;
	(void)flags;
	return csi_system(ENOSYS);
}

int csi_platform_recvmmsg(csock_handle fd, struct csi_message *messages, unsigned int count,
			  int flags)
{
	(void)fd;
	(void)messages;
	(void)count;
	(void)flags;
	return csi_system(ENOSYS);
}

enum csi_option_form csi_platform_option_form(int level, int option)
{
	(void)level;
	(void)option;
	return CSI_OPTION_INT;
}

int64_t csi_platform_clock(void)
{
	return 0;
}

int csi_platform_poll(struct pollfd *entries, unsigned int count, int64_t timeout)
{
	(void)entries;
	(void)count;
	(void)timeout;
	return csi_system(ENOSYS);
}

int64_t csi_platform_kernel_limit(csock_handle fd, bool sending)
{
	(void)fd;
	(void)sending;
	return -1;
}

int csi_platform_wake_signal(void)
{
	return 0;
}

int csi_platform_chosen_signal(void)
{
	return 0;
}

int csi_platform_interrupt(csi_thread thread, csock_handle fd, int number)
{
	(void)fd;
	(void)thread;
	(void)number;
	return csi_system(ENOSYS);
}

int csi_platform_choose_signal(int number)
{
	(void)number;
	return csi_system(ENOSYS);
}

int csi_platform_start_thread(void *(*run)(void *), void *arg)
{
	(void)run;
	(void)arg;
	return csi_system(ENOSYS);
}

int csi_platform_wake_open(csock_handle fds[2])
{
	(void)fds;
	return csi_system(ENOSYS);
}

int csi_platform_wake(csock_handle fd)
{
	(void)fd;
	return csi_system(ENOSYS);
}

int csi_platform_wake_clear(csock_handle fd)
{
	(void)fd;
	return csi_system(ENOSYS);
}

void csi_platform_wake_close(const csock_handle fds[2])
{
	(void)fds;
}

ssize_t csi_platform_sendfile(csock_handle sock, csock_handle file, int64_t *offset, size_t size,
			      int flags)
{
	(void)sock;
	(void)file;
	(void)offset;
	(void)size;
	(void)flags;
	return csi_system(ENOSYS);
}

int csi_platform_host_by_name(const char *name, int family, struct hostent *result, char *buffer,
			      size_t size)
{
	(void)name;
	(void)family;
	(void)result;
	(void)buffer;
	(void)size;
	return csi_system(ENOSYS);
}

int csi_platform_host_by_addr(const void *packed, socklen_t length, int family,
			      struct hostent *result, char *buffer, size_t size)
{
	(void)packed;
	(void)length;
	(void)family;
	(void)result;
	(void)buffer;
	(void)size;
	return csi_system(ENOSYS);
}

int csi_platform_service_by_name(const char *name, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	(void)name;
	(void)protocol;
	(void)result;
	(void)buffer;
	(void)size;
	return csi_system(ENOSYS);
}

int csi_platform_service_by_port(int port, const char *protocol, struct servent *result,
				 char *buffer, size_t size)
{
	(void)port;
	(void)protocol;
	(void)result;
	(void)buffer;
	(void)size;
	return csi_system(ENOSYS);
}

int csi_platform_protocol_by_name(const char *name, struct protoent *result, char *buffer,
				  size_t size)
{
	(void)name;
	(void)result;
	(void)buffer;
	(void)size;
	return csi_system(ENOSYS);
}

int csi_platform_interface_index(csock_handle fd, const char *name)
{
	(void)fd;
	return csi_posix_interface_index(name);
}

int csi_platform_interface_name(csock_handle fd, unsigned int index, char *name)
{
	(void)fd;
	return csi_posix_interface_name(index, name);
}

/* The protocols of POSIX. */
const struct csock_protocol *csi_platform_protocols(size_t *count)
{
	static const struct csock_protocol protocols[] = {
		{"AF_UNIX", "SOCK_STREAM", AF_UNIX, SOCK_STREAM, 0, ""},
		{"AF_INET", "IPPROTO_TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP, ""},
		{"AF_INET", "IPPROTO_UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP, ""},
		{"AF_INET6", "IPPROTO_TCP", AF_INET6, SOCK_STREAM, IPPROTO_TCP, ""},
		{"AF_INET6", "IPPROTO_UDP", AF_INET6, SOCK_DGRAM, IPPROTO_UDP, ""},
	};

	*count = sizeof protocols / sizeof *protocols;
	return protocols;
}

const char *csi_platform_error_text(int code, char *buffer, size_t size)
{
	(void)code;
	(void)buffer;
	(void)size;
	return "error of the system";
}

int csi_platform_set_host_name(const char *name, size_t length)
{
	(void)name;
	(void)length;
	return csi_system(ENOSYS);
}
