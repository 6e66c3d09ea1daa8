/* SPDX-License-Identifier: MIT */
/* The headers of the Windows SDK that have constants of the lists, as far as mingw-w64 has them. */
#ifndef CSOCKET_TESTS_WINDOWS_HEADERS_H
#define CSOCKET_TESTS_WINDOWS_HEADERS_H

#include <stdint.h>

#include <winsock2.h>

#include <mstcpip.h>
#include <ws2bth.h>
#include <ws2tcpip.h>

#if __has_include(<afunix.h>)
#include <afunix.h>
#endif

#if __has_include(<hvsocket.h>)
#include <hvsocket.h>
#endif

#endif
