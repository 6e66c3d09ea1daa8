/* SPDX-License-Identifier: MIT */
/*
 * The table that generate.py writes from the lists, sorted by name in the order of strcmp().
 */
#ifndef CSI_CONSTANTS_TABLE_H
#define CSI_CONSTANTS_TABLE_H

#include <stddef.h>

#include "csocket/constants.h"

extern const struct csock_constant csi_constants[];
extern const size_t csi_constants_count;

#endif
