/*
 * The interface in an address: its name as a value, its index in the sockaddr.
 */
#include <string.h>

#include "csocket/status.h"
#include "family/family.h"
#include "inflight.h"
#include "platform/platform.h"

static int index_of(const char *name, struct csock_socket *sock)
{
	csock_handle fd;

	if (!sock || csi_enter(sock, &fd) < 0)
		return csock_if_nametoindex(name);
	int index = csi_platform_interface_index(fd, name);
	csi_leave(sock);
	return index;
}

int csi_interface_index(const struct csock_value *name, struct csock_socket *sock)
{
	char text[CSOCK_INTERFACE_NAME_MAX] = {0};

	if (name->length == 0)
		return 0;
	if (name->length >= sizeof text)
		return csock_status_refuse(CSOCK_REFUSED_TOO_LONG, 0);
	memcpy(text, name->data, name->length);
	return index_of(text, sock);
}

static int name_of(unsigned int index, struct csock_socket *sock,
		   char name[CSOCK_INTERFACE_NAME_MAX])
{
	csock_handle fd;

	if (!sock || csi_enter(sock, &fd) < 0)
		return csock_if_indextoname(index, name);
	int result = csi_platform_interface_name(fd, index, name);
	csi_leave(sock);
	return result;
}

void csi_values_add_interface(struct csock_values *values, unsigned int index,
			      struct csock_socket *sock)
{
	if (index == 0 || name_of(index, sock, values->text) < 0)
		values->text[0] = '\0';
	csi_values_add(values, CSOCK_VALUE_TEXT, values->text, strlen(values->text));
}
