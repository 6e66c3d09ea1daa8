/**
 * The system's headers that the interface needs, and the types that differ by system.
 *
 * A program that includes csocket/csocket.h gets the system's AF_*, SOCK_*, SHUT_*, MSG_*, POLL*,
 * AI_*, NI_* and EAI_* with it.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_SYSTEM_H
#define CSOCKET_SYSTEM_H

#include <stdint.h>
#include <sys/types.h> /* ssize_t */

#if defined(_WIN32)
#include <mswsock.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#define SHUT_RD SD_RECEIVE
#define SHUT_WR SD_SEND
#define SHUT_RDWR SD_BOTH
/* No message on Windows has them. */
#define SCM_RIGHTS 1
/* Winsock lacks these two. The library accepts them nevertheless. */
#define SOCK_NONBLOCK 0x800
#define MSG_DONTWAIT 0x40000000
#else
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#endif

/** What the system calls a socket: a descriptor, or on Windows a SOCKET. */
#if defined(_WIN32)
typedef uintptr_t csock_handle;
#else
typedef int csock_handle;
#endif

/**
 * The size of a buffer for any interface name, with the final zero: on POSIX systems IF_NAMESIZE,
 * on Windows enough for those that the system makes, such as "ethernet_32769".
 */
#if defined(_WIN32)
#define CSOCK_INTERFACE_NAME_MAX 40
#else
#define CSOCK_INTERFACE_NAME_MAX 16
#endif

/** No descriptor: -1, and on Windows INVALID_SOCKET. */
#if defined(_WIN32)
#define CSOCK_NO_HANDLE UINTPTR_MAX
#else
#define CSOCK_NO_HANDLE (-1)
#endif

#endif
