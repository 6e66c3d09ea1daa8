/*
 * Ancillary data: encoding its objects, and iterating over received ones.
 *
 * The iteration does not use CMSG_NXTHDR, which trusts the length that an object claims.
 */
#include <assert.h>
#include <string.h>

#include "csocket/message.h"
#include "failure.h"
#include "platform/names.h"

#define HEADER_SIZE CMSG_LEN(0)

/* The kernel accepts no more (sendmsg(2)). */
#define ANCILLARY_MAX ((size_t)INT32_MAX)

size_t csock_ancillary_length(size_t data_size)
{
	return data_size > ANCILLARY_MAX - HEADER_SIZE ? SIZE_MAX : CMSG_LEN(data_size);
}

size_t csock_ancillary_space(size_t data_size)
{
	if (data_size > ANCILLARY_MAX - CMSG_SPACE(1))
		return SIZE_MAX;
	return CMSG_SPACE(data_size);
}

size_t csock_ancillary_size(const struct csock_ancillary *objects, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++) {
		size_t space = csock_ancillary_space(objects[i].size);
		if (space == SIZE_MAX || space > ANCILLARY_MAX - total)
			return SIZE_MAX;
		total += space;
	}
	return total;
}

ssize_t csock_ancillary_encode(const struct csock_ancillary *objects, size_t count, void *control,
			       size_t room)
{
	unsigned char *at = control;
	size_t size = csock_ancillary_size(objects, count);

	/* Too much for any room is SIZE_MAX. */
	if (size > room || size == SIZE_MAX)
		return csock_status_refuse(CSOCK_REFUSED_SIZE, 0);
	for (size_t i = 0; i < count; i++) {
		struct cmsghdr header = {
			.cmsg_len = (csi_cmsglen)CMSG_LEN(objects[i].size),
			.cmsg_level = objects[i].level,
			.cmsg_type = objects[i].type,
		};
		size_t space = CMSG_SPACE(objects[i].size);
		/* Zero the padding, so that no old data of this process is sent. */
		memset(at, 0, space);
		memcpy(at, &header, sizeof header);
		if (objects[i].data && objects[i].size > 0)
			memcpy(at + HEADER_SIZE, objects[i].data, objects[i].size);
		at += space;
	}
	return (ssize_t)size;
}

int csock_ancillary_next(const void *control, size_t control_size, size_t *cursor,
			 struct csock_ancillary *object, bool *truncated)
{
	CSI_NEED(cursor, object, truncated);
	size_t left = *cursor < control_size ? control_size - *cursor : 0;
	struct cmsghdr header;

	*truncated = false;
	if (left == 0)
		return 0;
	const unsigned char *at = (const unsigned char *)control + *cursor;
	if (left >= sizeof header)
		memcpy(&header, at, sizeof header);
	if (left < HEADER_SIZE || header.cmsg_len < HEADER_SIZE) {
		*truncated = true;
		*cursor = control_size;
		return 0;
	}
	object->level = header.cmsg_level;
	object->type = header.cmsg_type;
	object->data = at + HEADER_SIZE;
	*truncated = header.cmsg_len > left;
	object->size = (*truncated ? left : (size_t)header.cmsg_len) - HEADER_SIZE;
	size_t space = *truncated ? left : CMSG_SPACE(object->size);
	*cursor += space < left ? space : left;
	return 1;
}

/* SCM_PIDFD, from the kernel's include/linux/socket.h: a descriptor of the sender's process. */
#define PROCESS_DESCRIPTOR 4

static bool has_descriptors(const struct csock_ancillary *object)
{
	return object->level == SOL_SOCKET &&
	       (object->type == SCM_RIGHTS || object->type == PROCESS_DESCRIPTOR);
}

void csock_ancillary_close(const struct csock_ancillary *object)
{
	assert(object);
	if (!has_descriptors(object))
		return;
	for (size_t i = 0; i + sizeof(int) <= object->size; i += sizeof(int)) {
		int fd;
		memcpy(&fd, (const unsigned char *)object->data + i, sizeof fd);
		(void)csock_descriptor_close((csock_handle)fd);
	}
}

void csock_ancillary_close_rights(const void *control, size_t control_size)
{
	struct csock_ancillary object;
	size_t cursor = 0;
	bool truncated;

	while (csock_ancillary_next(control, control_size, &cursor, &object, &truncated))
		csock_ancillary_close(&object);
}
