/*
 * Requests of a program to the callgrind that it runs under. Without callgrind they do nothing.
 */
#include <valgrind/callgrind.h>

void forget(void)
{
	CALLGRIND_ZERO_STATS;
}

/* Writes the counts since the last call of either function to a separate file. */
void keep(const char *name)
{
	CALLGRIND_DUMP_STATS_AT(name);
}
