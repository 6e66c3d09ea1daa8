/*
 * The system's headers: for the table of constants, which takes its values from them on systems
 * other than Linux, and for the library's own files by platform/names.h.
 */
#ifndef CSI_SYSTEM_H
#define CSI_SYSTEM_H

#include <errno.h>

#include "csocket/system.h"

#if defined(_WIN32)
#include <mstcpip.h>
#include <windows.h>
#else
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#endif

#if __has_include(<bluetooth.h>)
#include <bluetooth.h>
#endif

#endif
