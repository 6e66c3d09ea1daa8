/**
 * The kernel's cryptography (AF_ALG): the ancillary data of a message.
 *
 * A program sends the data with csock_sendmsg and the operation as its ancillary data, and receives
 * the result with csock_recv. See Documentation/crypto/userspace-if.rst of the kernel.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_ALG_H
#define CSOCKET_ALG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"
#include "csocket/system.h"

CSOCK_BEGIN_DECLS

/** An operation. The library only reads it during the call. */
struct csock_alg_operation {
	uint32_t op;       /**< ALG_OP_ENCRYPT, ALG_OP_DECRYPT, ... */
	const void *iv;    /**< the initialization vector, or NULL for none */
	size_t iv_size;    /**< in bytes */
	bool has_assoclen; /**< whether to pass assoclen to the kernel */
	uint32_t assoclen; /**< AEAD: the number of bytes at the start that are not encrypted */
};

/** The size of the operation's ancillary data in bytes; SIZE_MAX if that is too much. */
CSOCK_API size_t csock_alg_ancillary_size(const struct csock_alg_operation *operation)
	CSOCK_NONNULL(1);

/** Writes the ancillary data to control, as csock_ancillary_encode does. */
CSOCK_API ssize_t csock_alg_ancillary_encode(const struct csock_alg_operation *operation,
					     void *control, size_t room) CSOCK_NONNULL(1);

CSOCK_END_DECLS

#endif
