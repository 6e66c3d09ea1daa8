/* SPDX-License-Identifier: MIT */
/* The kernel's headers that have constants of the lists. */
#ifndef CSOCKET_TESTS_KERNEL_HEADERS_H
#define CSOCKET_TESTS_KERNEL_HEADERS_H

/* The kernel's first: it takes the names that it finds for those of its own that are older. */
#if __has_include(<asm/socket.h>)
#include <asm/socket.h>
#endif

#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

#if __has_include(<linux/types.h>)
#include <linux/types.h>

#include <asm/ioctls.h>
#include <linux/can.h>
#include <linux/can/error.h>
#include <linux/can/raw.h>
#include <linux/errqueue.h>
#include <linux/if_alg.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_xdp.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/net_tstamp.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/netlink.h>
#include <linux/qrtr.h>
#include <linux/rds.h>
#include <linux/rtnetlink.h>
#include <linux/sctp.h>
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <linux/tipc.h>
#include <linux/tls.h>
#include <linux/udp.h>
#include <linux/vm_sockets.h>
#endif

/* Not every kernel has these: since Linux 5.10, since 5.4, and for a protocol that was removed. */
#if __has_include(<linux/can/isotp.h>)
#include <linux/can/isotp.h>
#endif

#if __has_include(<linux/can/j1939.h>)
#include <linux/can/j1939.h>
#endif

#if __has_include(<linux/dccp.h>)
#include <linux/dccp.h>
#endif

/* The kernel's own macro, which its exported headers use but do not define. */
#ifndef BIT
#define BIT(number) (1U << (number))
#endif

#endif
