/* SPDX-License-Identifier: MIT */
/*
 * The table that generate.py writes from the lists, sorted by name in the order of strcmp().
 *
 * Its rows have no pointers: a loader would have to adjust them, and every process would have its
 * own copy of the table.
 */
#ifndef CSI_CONSTANTS_TABLE_H
#define CSI_CONSTANTS_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct csi_constant {
	int64_t integer;
	/* Offsets in csi_constant_texts. */
	uint32_t name;
	uint32_t text; /* 0 for an integer */
};

extern const struct csi_constant csi_constants[];
extern const size_t csi_constants_count;
extern const char csi_constant_texts[];

#endif
