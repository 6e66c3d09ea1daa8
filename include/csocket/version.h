/**
 * The version of the library: that of the headers, and that of the library at run time.
 *
 * The versions are those of Semantic Versioning (https://semver.org).
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_VERSION_H
#define CSOCKET_VERSION_H

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/** The first part of the version of these headers. */
#define CSOCK_VERSION_MAJOR 0
/** Its second part. */
#define CSOCK_VERSION_MINOR 1
/** Its third part. */
#define CSOCK_VERSION_PATCH 0

/** A version as a number that can be compared, also by #if; minor and patch are 0 to 255. */
#define CSOCK_VERSION_NUMBER(major, minor, patch) ((major) << 16 | (minor) << 8 | (patch))

/** The version of these headers: #if CSOCK_VERSION >= CSOCK_VERSION_NUMBER(0, 2, 0) */
#define CSOCK_VERSION                                                                              \
	CSOCK_VERSION_NUMBER(CSOCK_VERSION_MAJOR, CSOCK_VERSION_MINOR, CSOCK_VERSION_PATCH)

/** The version of these headers as text: major, minor and patch with dots between them. */
#define CSOCK_VERSION_TEXT "0.1.0"

/** The CSOCK_VERSION of the library that the program runs with, which may be newer. */
CSOCK_API int csock_version(void);

/** The CSOCK_VERSION_TEXT of the library that the program runs with. */
CSOCK_API const char *csock_version_text(void);

CSOCK_END_DECLS

#endif
