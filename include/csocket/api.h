/**
 * Linkage and attributes of the public functions.
 *
 * CSOCK_API marks every public function. The shared library is compiled with -fvisibility=hidden
 * and CSOCK_SHARED, and exports only the marked functions. In the static library they are hidden: a
 * program or library that links it does not export them. CSOCK_BUILD is defined while the library
 * is compiled. Programs that use it define neither: on Windows too the same declarations serve for
 * both libraries, because the DLL exports no data.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_API_H
#define CSOCKET_API_H

/** Marks a public function. */
#if defined(CSOCK_SHARED) && defined(_WIN32)
#define CSOCK_API __declspec(dllexport)
#elif defined(CSOCK_SHARED)
#define CSOCK_API __attribute__((visibility("default")))
#else
#define CSOCK_API
#endif

/**
 * Marks the parameters, counted from 1, that must not be NULL: compilers warn. Not in the library
 * itself, where it would let them leave out the checks of debug builds.
 */
#if defined(CSOCK_BUILD)
#define CSOCK_NONNULL(...)
#else
#define CSOCK_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#endif

#ifdef __cplusplus
#define CSOCK_BEGIN_DECLS extern "C" {
#define CSOCK_END_DECLS }
#define CSOCK_ZEROS                                                                                \
	{                                                                                          \
	}
#else
/** Begins the declarations of a header, so that C++ programs use the C names. */
#define CSOCK_BEGIN_DECLS
/** Ends what CSOCK_BEGIN_DECLS began. */
#define CSOCK_END_DECLS
/** Initialises a struct with zeros. */
#define CSOCK_ZEROS                                                                                \
	{                                                                                          \
		0                                                                                  \
	}
#endif

#endif
