/**
 * What only Windows has: Winsock's start, sockets for other processes, and I/O controls.
 *
 * csocket/csocket.h does not include this. Only the library for Windows has these functions.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_WINDOWS_H
#define CSOCKET_WINDOWS_H

#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/socket.h"

CSOCK_BEGIN_DECLS

/**
 * Starts Winsock (WSAStartup), unless it is started. The library does so itself when it needs
 * Winsock; this is for programs that also call Winsock themselves.
 */
CSOCK_API void csock_start_winsock(void);

/**
 * Stops Winsock if the library has started it (WSACleanup): 0, or a failure. The library's next
 * call that needs Winsock starts it again.
 *
 * Few programs need this: Windows cleans up at the end of the process. A program that unloads the
 * library earlier calls this first, when its sockets are closed and its look-ups have ended. The
 * library cannot do it while it is unloaded, because DllMain may not call WSACleanup.
 */
CSOCK_API int csock_stop_winsock(void);

/** The size in bytes of what csock_share_with writes (WSAPROTOCOL_INFOW). */
#define CSOCK_SHARE_SIZE 628

/**
 * Writes a share, from which another process opens the same socket with csock_from_share
 * (WSADuplicateSocketW): 0, or a failure. The socket must stay open until then. A share can be used
 * once, and only in that process.
 *
 * @param process the id of the other process
 */
CSOCK_API int csock_share_with(struct csock_socket *sock, uint32_t process,
			       unsigned char share[CSOCK_SHARE_SIZE]) CSOCK_NONNULL(1, 3);

/**
 * Opens the socket of a share, with the other process's connection and settings (WSASocketW): 0, or
 * a failure. The handle is not inheritable. The library assumes that it is in blocking mode; call
 * csock_set_blocking to be sure. EBUSY if sock is open.
 */
CSOCK_API int csock_from_share(struct csock_socket *sock,
			       const unsigned char share[CSOCK_SHARE_SIZE]) CSOCK_NONNULL(1, 2);

/** Writes the family, type and protocol of a share's socket. */
CSOCK_API void csock_share_kind(const unsigned char share[CSOCK_SHARE_SIZE], int *family, int *type,
				int *protocol) CSOCK_NONNULL(1, 2, 3, 4);

/**
 * Makes an I/O control (WSAIoctl), such as SIO_KEEPALIVE_VALS: the number of bytes written to
 * output, or a failure. Either buffer may be NULL with size 0.
 *
 * @param control the control's code
 */
CSOCK_API int csock_io_control(struct csock_socket *sock, uint32_t control, const void *input,
			       size_t input_size, void *output, size_t output_size)
	CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
