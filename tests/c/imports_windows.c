/*
 * Winsock's functions are called by pointers, which the linker takes from here in place of its own:
 * to those of the test.
 */
#define WINSOCK_API_LINKAGE
#include "csocket/system.h"

extern void *const __imp_getaddrinfo, *const __imp_freeaddrinfo;

void *const __imp_getaddrinfo = (void *)(uintptr_t)getaddrinfo;
void *const __imp_freeaddrinfo = (void *)(uintptr_t)freeaddrinfo;
