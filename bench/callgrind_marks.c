/*
 * What a program tells the callgrind that it runs under. Without it these do
 * nothing.
 */
#include <valgrind/callgrind.h>

void forget(void)
{
	CALLGRIND_ZERO_STATS;
}

/* Leaves what was counted since the last call of either in a file of its own.
 */
void keep(const char *name)
{
	CALLGRIND_DUMP_STATS_AT(name);
}
