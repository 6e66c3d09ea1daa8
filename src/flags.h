/*
 * Flags of the calls that send.
 */
#ifndef CSI_FLAGS_H
#define CSI_FLAGS_H

#include "platform/compiler.h"
#include "platform/names.h"
#include "shared.h"

/* MSG_NOSIGNAL, or 0 if the program wants SIGPIPE (csock_set_sigpipe). */
extern int csi_nosignal;

/* The flags of a call that sends. */
CSI_INLINE int csi_send_flags(int flags)
{
	return flags | CSI_LOAD(csi_nosignal);
}

#endif
