/*
 * The version of the library.
 */
#include "csocket/version.h"

_Static_assert(CSOCK_VERSION_MINOR < 256 && CSOCK_VERSION_PATCH < 256, "as the number has room");

int csock_version(void)
{
	return CSOCK_VERSION;
}

const char *csock_version_text(void)
{
	return CSOCK_VERSION_TEXT;
}
