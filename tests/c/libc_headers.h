/* SPDX-License-Identifier: MIT */
/* The headers of the C library that have constants of the lists, and those that depend on them. */
#ifndef CSOCKET_TESTS_LIBC_HEADERS_H
#define CSOCKET_TESTS_LIBC_HEADERS_H

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#if __has_include(<net/ethernet.h>)
#include <net/ethernet.h>
#endif

#if __has_include(<linux/mptcp.h>)
#include <linux/mptcp.h>
#endif

/* BlueZ. */
#if __has_include(<bluetooth/bluetooth.h>)
#include <bluetooth/bluetooth.h>

#include <bluetooth/hci.h>
#include <bluetooth/l2cap.h>
#endif

#endif
