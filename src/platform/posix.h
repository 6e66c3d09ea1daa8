/*
 * What POSIX systems share, for the files that implement the platform contract on them.
 */
#ifndef CSI_PLATFORM_POSIX_H
#define CSI_PLATFORM_POSIX_H

/* csi_platform_interface_index and csi_platform_interface_name for CSOCK_NO_HANDLE. */
int csi_posix_interface_index(const char *name);
int csi_posix_interface_name(unsigned int index, char *name);

#endif
