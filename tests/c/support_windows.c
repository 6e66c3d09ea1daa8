/*
 * Helpers for the tests of libcsocket: those that ask Windows.
 */
#include "support.h"

int pair_family(void)
{
	return AF_INET;
}

bool is_open_descriptor(csock_handle fd)
{
	DWORD flags;

	return GetHandleInformation((HANDLE)fd, &flags);
}

int count_descriptors(void)
{
	DWORD count;

	assert_true(GetProcessHandleCount(GetCurrentProcess(), &count));
	return (int)count;
}

void pause_for(int64_t nanoseconds)
{
	Sleep((DWORD)((nanoseconds + MILLISECOND - 1) / MILLISECOND));
}
