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

/* The room that the operation needs as ancillary data, SIZE_MAX if too much; and it, written there.
 */
CSOCK_API size_t csock_alg_control_size(const struct csock_alg_operation *operation);
CSOCK_API void csock_alg_control_encode(const struct csock_alg_operation *operation, void *control);

CSOCK_END_DECLS

#endif
