/* SPDX-License-Identifier: MIT */
/*
 * Linkage and attributes of the public functions.
 *
 * CSOCK_API marks every public function. The shared library is compiled with -fvisibility=hidden
 * and CSOCK_SHARED, and exports only the marked functions. In the static library they are hidden: a
 * program or library that links it does not export them. CSOCK_BUILD is defined while the library
 * is compiled. Programs that use it define neither.
 */
#ifndef CSOCKET_API_H
#define CSOCKET_API_H

#if defined(CSOCK_SHARED)
#define CSOCK_API __attribute__((visibility("default")))
#else
#define CSOCK_API
#endif

/*
 * Marks the parameters, counted from 1, that must not be NULL: compilers warn. Not in the library
 * itself, where it would let them leave out the checks of debug builds.
 */
#if defined(CSOCK_BUILD)
#define CSOCK_NONNULL(...)
#else
#define CSOCK_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
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
