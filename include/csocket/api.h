/* SPDX-License-Identifier: MIT */
/*
 * csocket/api.h - linkage of the public functions
 *
 * CSOCK_API stands before every public function. The shared library is compiled with
 * -fvisibility=hidden and CSOCK_SHARED, and exports what bears the mark; a static library exports
 * nothing to whoever links it in. A program that uses the library defines neither.
 */
#ifndef CSOCKET_API_H
#define CSOCKET_API_H

#if defined(CSOCK_SHARED)
#define CSOCK_API __attribute__((visibility("default")))
#else
#define CSOCK_API
#endif

/* Around the declarations of a header, so that C++ links to the C names. */
#ifdef __cplusplus
#define CSOCK_BEGIN_DECLS extern "C" {
#define CSOCK_END_DECLS }
#else
#define CSOCK_BEGIN_DECLS
#define CSOCK_END_DECLS
#endif

#endif
