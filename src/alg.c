/*
 * The ancillary data of AF_ALG.
 */
#include "csocket/alg.h"

#include <assert.h>
#include <string.h>

#include "csocket/message.h"

#include "failure.h"

/* From the kernel's include/linux/socket.h and linux/if_alg.h. */
enum {
	LEVEL_ALG = 279
};
enum {
	ALG_SET_IV = 2,
	ALG_SET_OP = 3,
	ALG_SET_AEAD_ASSOCLEN = 4
};

/* An object each for the operation, the length and the vector, which is the last. */
#define OBJECTS_MAX 3

/* The size of struct af_alg_iv: a 32-bit length, and then the vector. */
static size_t vector_size(const struct csock_alg_operation *operation)
{
	size_t room = SIZE_MAX - sizeof(uint32_t);

	return operation->iv_size < room ? sizeof(uint32_t) + operation->iv_size : SIZE_MAX;
}

/* The objects to encode. The data of the vector is in two pieces, and is added later. */
static size_t list_objects(const struct csock_alg_operation *operation,
			   struct csock_ancillary objects[OBJECTS_MAX])
{
	size_t count = 0;

	objects[count++] = (struct csock_ancillary){LEVEL_ALG, ALG_SET_OP, &operation->op,
						    sizeof operation->op};
	if (operation->has_assoclen)
		objects[count++] =
			(struct csock_ancillary){LEVEL_ALG, ALG_SET_AEAD_ASSOCLEN,
						 &operation->assoclen, sizeof operation->assoclen};
	if (operation->iv)
		objects[count++] = (struct csock_ancillary){LEVEL_ALG, ALG_SET_IV, NULL,
							    vector_size(operation)};
	return count;
}

size_t csock_alg_ancillary_size(const struct csock_alg_operation *operation)
{
	assert(operation);
	struct csock_ancillary objects[OBJECTS_MAX];

	return csock_ancillary_size(objects, list_objects(operation, objects));
}

ssize_t csock_alg_ancillary_encode(const struct csock_alg_operation *operation, void *control,
				   size_t room)
{
	CSI_NEED(operation);
	struct csock_ancillary objects[OBJECTS_MAX];
	size_t count = list_objects(operation, objects);

	ssize_t size = csock_ancillary_encode(objects, count, control, room);
	if (size < 0 || !operation->iv)
		return size;
	uint32_t length = (uint32_t)operation->iv_size;
	unsigned char *vector = (unsigned char *)control +
				csock_ancillary_size(objects, count - 1) +
				csock_ancillary_length(0);
	memcpy(vector, &length, sizeof length);
	if (length > 0)
		memcpy(vector + sizeof length, operation->iv, length);
	return size;
}
