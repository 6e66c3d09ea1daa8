/*
 * The ancillary data of AF_ALG.
 */
#include "csocket/alg.h"

#include <string.h>

#include "csocket/message.h"

/* From the kernel's include/linux/socket.h and linux/if_alg.h. */
enum {
	LEVEL_ALG = 279
};
enum {
	ALG_SET_IV = 2,
	ALG_SET_OP = 3,
	ALG_SET_AEAD_ASSOCLEN = 4
};

/* One item each for the operation, the length and the vector, in this order. */
#define ITEMS_MAX 3

/* The size of struct af_alg_iv: a 32-bit length, and then the vector. */
static size_t vector_size(const struct csock_alg_operation *operation)
{
	size_t room = SIZE_MAX - sizeof(uint32_t);

	return operation->iv_size < room ? sizeof(uint32_t) + operation->iv_size : SIZE_MAX;
}

/*
 * Lists the items to encode. The data of the vector is in two pieces, and csock_alg_control_encode
 * adds it.
 */
static size_t list_items(const struct csock_alg_operation *operation,
			 struct csock_control items[ITEMS_MAX])
{
	size_t count = 0;

	items[count++] =
		(struct csock_control){LEVEL_ALG, ALG_SET_OP, &operation->op, sizeof operation->op};
	if (operation->has_assoclen)
		items[count++] =
			(struct csock_control){LEVEL_ALG, ALG_SET_AEAD_ASSOCLEN,
					       &operation->assoclen, sizeof operation->assoclen};
	if (operation->iv)
		items[count++] =
			(struct csock_control){LEVEL_ALG, ALG_SET_IV, NULL, vector_size(operation)};
	return count;
}

size_t csock_alg_control_size(const struct csock_alg_operation *operation)
{
	struct csock_control items[ITEMS_MAX];

	return csock_control_size(items, list_items(operation, items));
}

void csock_alg_control_encode(const struct csock_alg_operation *operation, void *control)
{
	struct csock_control items[ITEMS_MAX];
	size_t count = list_items(operation, items);

	csock_control_encode(items, count, control);
	if (!operation->iv)
		return;
	uint32_t length = (uint32_t)operation->iv_size;
	unsigned char *vector = (unsigned char *)control + csock_control_size(items, count - 1) +
				csock_control_length(0);
	memcpy(vector, &length, sizeof length);
	if (length > 0)
		memcpy(vector + sizeof length, operation->iv, length);
}
