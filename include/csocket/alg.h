/*
 * The kernel's cryptography (AF_ALG): what a message has to bring beside its data.
 *
 * The data goes by csock_sendmsg, with the operation as its ancillary data; the result comes by
 * csock_recv (Documentation/crypto/userspace-if.rst of the kernel).
 */
#ifndef CSOCKET_ALG_H
#define CSOCKET_ALG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

struct csock_alg_operation {
	uint32_t op;    /* ALG_OP_ENCRYPT, ALG_OP_DECRYPT, ... */
	const void *iv; /* the initialization vector, or NULL for none */
	size_t iv_size;
	bool has_assoclen;
	uint32_t assoclen; /* bytes at the start of the data that are not encrypted (AEAD) */
};

/* The size of the operation's ancillary data in bytes; SIZE_MAX if that is too much. */
CSOCK_API size_t csock_alg_control_size(const struct csock_alg_operation *operation);

/* Writes the ancillary data to control, which has csock_alg_control_size() bytes. */
CSOCK_API void csock_alg_control_encode(const struct csock_alg_operation *operation, void *control);

CSOCK_END_DECLS

#endif
