/*
 * The numbers of errors. The library's files name an error as POSIX does; a status has the number
 * of the system.
 */
#ifndef CSI_PLATFORM_ERRORS_H
#define CSI_PLATFORM_ERRORS_H

#include <errno.h>

#include "platform/system.h"

#if defined(_WIN32)

/* The C library does not know it. */
#define ESOCKTNOSUPPORT WSAESOCKTNOSUPPORT

/* The number of Winsock or Windows for a name of errno.h, and back; the same number if none. */
int csi_platform_code(int error);
int csi_platform_errno(int code);

/* The error of the last system call. */
static inline int csi_platform_last_error(void)
{
	return WSAGetLastError();
}

#else

static inline int csi_platform_code(int error)
{
	return error;
}

static inline int csi_platform_errno(int code)
{
	return code;
}

static inline int csi_platform_last_error(void)
{
	return errno;
}

#endif

#endif
