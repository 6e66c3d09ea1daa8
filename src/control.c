/*
 * Ancillary data: encoding items, and iterating over received ones.
 *
 * The iteration does not use CMSG_NXTHDR, which trusts the length that an item claims.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "csocket/message.h"

#define HEADER_SIZE CMSG_LEN(0)

/* The kernel accepts no more (sendmsg(2)). */
#define CONTROL_MAX ((size_t)INT32_MAX)

size_t csock_control_length(size_t data_size)
{
	return data_size > CONTROL_MAX - HEADER_SIZE ? SIZE_MAX : CMSG_LEN(data_size);
}

size_t csock_control_space(size_t data_size)
{
	if (data_size > CONTROL_MAX - CMSG_SPACE(1))
		return SIZE_MAX;
	return CMSG_SPACE(data_size);
}

size_t csock_control_size(const struct csock_control *items, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++) {
		size_t space = csock_control_space(items[i].size);
		if (space == SIZE_MAX || space > CONTROL_MAX - total)
			return SIZE_MAX;
		total += space;
	}
	return total;
}

void csock_control_encode(const struct csock_control *items, size_t count, void *control)
{
	unsigned char *at = control;

	for (size_t i = 0; i < count; i++) {
		struct cmsghdr header = {
			.cmsg_len = CMSG_LEN(items[i].size),
			.cmsg_level = items[i].level,
			.cmsg_type = items[i].type,
		};
		size_t space = CMSG_SPACE(items[i].size);
		/* Zero the padding, so that no old data of this process is sent. */
		memset(at, 0, space);
		memcpy(at, &header, sizeof header);
		if (items[i].data && items[i].size > 0)
			memcpy(at + HEADER_SIZE, items[i].data, items[i].size);
		at += space;
	}
}

int csock_control_next(const void *control, size_t control_size, size_t *cursor,
		       struct csock_control *item, bool *truncated)
{
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
	item->level = header.cmsg_level;
	item->type = header.cmsg_type;
	item->data = at + HEADER_SIZE;
	*truncated = header.cmsg_len > left;
	item->size = (*truncated ? left : (size_t)header.cmsg_len) - HEADER_SIZE;
	size_t space = *truncated ? left : CMSG_SPACE(item->size);
	*cursor += space < left ? space : left;
	return 1;
}

/* SCM_PIDFD, from the kernel's include/linux/socket.h: a descriptor of the sender's process. */
#define PROCESS_DESCRIPTOR 4

static bool has_descriptors(const struct csock_control *item)
{
	return item->level == SOL_SOCKET &&
	       (item->type == SCM_RIGHTS || item->type == PROCESS_DESCRIPTOR);
}

void csock_control_close_item(const struct csock_control *item)
{
	if (!has_descriptors(item))
		return;
	for (size_t i = 0; i + sizeof(int) <= item->size; i += sizeof(int)) {
		int fd;
		memcpy(&fd, (const unsigned char *)item->data + i, sizeof fd);
		(void)close(fd);
	}
}

void csock_control_close_rights(const void *control, size_t control_size)
{
	struct csock_control item;
	size_t cursor = 0;
	bool truncated;

	while (csock_control_next(control, control_size, &cursor, &item, &truncated))
		csock_control_close_item(&item);
}
