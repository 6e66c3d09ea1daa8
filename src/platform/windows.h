/*
 * What the files that implement the platform contract on Windows share.
 */
#ifndef CSI_PLATFORM_WINDOWS_H
#define CSI_PLATFORM_WINDOWS_H

#include "platform/system.h"

/* The status of an error that is not the last one, as of GetLastError(). */
int csi_windows_failure(DWORD code);

/* A call of Winsock that it has by pointers alone: 0 and the pointer, or SOCKET_ERROR. */
int csi_windows_function(csock_handle fd, GUID id, void *function, DWORD size);

/* Undoes csi_platform_start(): 0, or a failure. */
int csi_windows_stop(void);

#endif
