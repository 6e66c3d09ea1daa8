/* SPDX-License-Identifier: MIT */
/* Lookup in the generated table of constants. */

#include "csocket/constants.h"

#include <stdlib.h>
#include <string.h>

#include "constants/table.h"

static int compare_name(const void *name, const void *constant)
{
	return strcmp(name, ((const struct csock_constant *)constant)->name);
}

const struct csock_constant *csock_constant_table(size_t *count)
{
	*count = csi_constants_count;
	return csi_constants;
}

const struct csock_constant *csock_constant_find(const char *name)
{
	return bsearch(name, csi_constants, csi_constants_count, sizeof(csi_constants[0]),
		       compare_name);
}
