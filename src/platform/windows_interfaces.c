/*
 * The platform contract on Windows: interfaces. All sockets have the same ones.
 */
#include "platform/windows.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <stdio.h>
#include <stdlib.h>

#include "csocket/interface.h"

#include "failure.h"
#include "platform/platform.h"

int csi_platform_interface_index(csock_handle fd, const char *name)
{
	NET_LUID luid;
	NET_IFINDEX index = 0;

	(void)fd;
	NETIO_STATUS error = ConvertInterfaceNameToLuidA(name, &luid);
	if (error == NO_ERROR)
		error = ConvertInterfaceLuidToIndex(&luid, &index);
	return error == NO_ERROR ? (int)index : csi_windows_failure((DWORD)error);
}

int csi_platform_interface_name(csock_handle fd, unsigned int index, char *name)
{
	NET_LUID luid;

	(void)fd;
	NETIO_STATUS error = ConvertInterfaceIndexToLuid(index, &luid);
	if (error == NO_ERROR)
		error = ConvertInterfaceLuidToNameA(&luid, name, CSOCK_INTERFACE_NAME_MAX);
	/* For an unknown index Windows says that there is no such file. */
	if (error == ERROR_FILE_NOT_FOUND)
		return csi_system(ENXIO);
	return error == NO_ERROR ? 0 : csi_windows_failure((DWORD)error);
}

static int copy_table(const MIB_IF_TABLE2 *table, struct csock_interface **list)
{
	/* One element more, because calloc() may return NULL for 0 bytes. */
	struct csock_interface *copy = calloc((size_t)table->NumEntries + 1, sizeof *copy);

	if (!copy)
		return csi_system(ENOMEM);
	for (ULONG i = 0; i < table->NumEntries; i++) {
		NET_LUID luid = table->Table[i].InterfaceLuid;
		copy[i].index = table->Table[i].InterfaceIndex;
		/* An interface that is gone by now has no name in the list. */
		(void)ConvertInterfaceLuidToNameA(&luid, copy[i].name, sizeof copy[i].name);
	}
	*list = copy;
	return (int)table->NumEntries;
}

int csi_platform_interfaces(struct csock_interface **list)
{
	MIB_IF_TABLE2 *table;
	NETIO_STATUS error = GetIfTable2Ex(MibIfTableRaw, &table);

	if (error != NO_ERROR)
		return csi_windows_failure((DWORD)error);
	int result = copy_table(table, list);
	FreeMibTable(table);
	return result;
}
