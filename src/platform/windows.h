/*
 * What the files that implement the platform contract on Windows share.
 */
#ifndef CSI_PLATFORM_WINDOWS_H
#define CSI_PLATFORM_WINDOWS_H

#include "platform/system.h"

/* Makes a code of Windows the last error, and returns its status. */
int csi_windows_failure(DWORD code);

/* Asks Winsock for the pointer to a function that no library exports: 0, or SOCKET_ERROR. */
int csi_windows_function(csock_handle fd, GUID id, void *function, DWORD size);

/* Undoes csi_platform_start(): 0, or a failure. */
int csi_windows_stop(void);

#endif
