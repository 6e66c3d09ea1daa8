/* SPDX-License-Identifier: MIT */
/* Lookup in the generated table of constants. */

#include "csocket/constants.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "constants/table.h"

static const char *text_at(uint32_t offset)
{
	return csi_constant_texts + offset;
}

static int compare_name(const void *name, const void *row)
{
	return strcmp(name, text_at(((const struct csi_constant *)row)->name));
}

static void write_constant(const struct csi_constant *row, struct csock_constant *constant)
{
	*constant = (struct csock_constant){
		.name = text_at(row->name),
		.kind = row->text ? CSOCK_CONSTANT_TEXT : CSOCK_CONSTANT_INTEGER,
		.integer = row->integer,
		.text = row->text ? text_at(row->text) : NULL,
	};
}

bool csock_constant_at(size_t index, struct csock_constant *constant)
{
	assert(constant);
	if (index >= csi_constants_count)
		return false;
	write_constant(&csi_constants[index], constant);
	return true;
}

bool csock_constant_find(const char *name, struct csock_constant *constant)
{
	assert(name);
	const struct csi_constant *row = bsearch(name, csi_constants, csi_constants_count,
						 sizeof csi_constants[0], compare_name);

	if (!row)
		return false;
	if (constant)
		write_constant(row, constant);
	return true;
}
