/* SPDX-License-Identifier: MIT */
/*
 * Linkage of the public functions.
 *
 * CSOCK_API marks every public function. The shared library is compiled with -fvisibility=hidden
 * and CSOCK_SHARED, and exports only the marked functions. In the static library they are hidden: a
 * program or library that links it does not export them. Programs that use the library do not
 * define CSOCK_SHARED.
 */
#ifndef CSOCKET_API_H
#define CSOCKET_API_H

#if defined(CSOCK_SHARED)
#define CSOCK_API __attribute__((visibility("default")))
#else
#define CSOCK_API
#endif

/*
 * The first two enclose the declarations of each header, so that C++ programs use the C names.
 * CSOCK_ZEROS initialises a struct with zeros.
 */
#ifdef __cplusplus
#define CSOCK_BEGIN_DECLS extern "C" {
#define CSOCK_END_DECLS }
#define CSOCK_ZEROS                                                                                \
	{                                                                                          \
	}
#else
#define CSOCK_BEGIN_DECLS
#define CSOCK_END_DECLS
#define CSOCK_ZEROS                                                                                \
	{                                                                                          \
		0                                                                                  \
	}
#endif

#endif
