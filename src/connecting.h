/*
 * Connections that were begun.
 */
#ifndef CSI_CONNECTING_H
#define CSI_CONNECTING_H

#include "csocket/socket.h"

/* The result of an attempt that has ended in the kernel: 0, or its failure. */
int csi_connection_result(struct csock_socket *sock);

#endif
