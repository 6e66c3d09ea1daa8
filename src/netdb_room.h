/*
 * Memory for an entry of the netdb databases. Its size is not known beforehand.
 */
#ifndef CSI_NETDB_ROOM_H
#define CSI_NETDB_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "failure.h"

/* The first and the last size in bytes; the size doubles while it is too small. */
#define CSI_ROOM_FIRST 1024U
#define CSI_ROOM_LAST 1048576U

static inline bool csi_room_is_too_small(int result)
{
	return csi_is_system(result, ERANGE);
}

/* Calls find() with ever more room, as long as it fails with ERANGE. Returns its last result. */
static inline int csi_with_room(int (*find)(void *query, char *room, size_t size), void *query)
{
	int result = csi_system(ERANGE);

	for (size_t size = CSI_ROOM_FIRST; size <= CSI_ROOM_LAST && csi_room_is_too_small(result);
	     size *= 2) {
		char *room = malloc(size);
		if (!room)
			return csi_system(ENOMEM);
		result = find(query, room, size);
		free(room);
	}
	return result;
}

#endif
