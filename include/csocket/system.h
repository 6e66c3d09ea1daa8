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
#include <winsock2.h>
#include <ws2tcpip.h>
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

/** No descriptor: -1, and on Windows INVALID_SOCKET. */
#define CSOCK_NO_HANDLE ((csock_handle)-1)

#endif
