/*
 * The system headers that define socket constants.
 *
 * On systems other than Linux the table of constants takes its values from these headers.
 */
#ifndef CSI_SYSTEM_H
#define CSI_SYSTEM_H

#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#if __has_include(<bluetooth.h>)
#include <bluetooth.h>
#endif

#endif
