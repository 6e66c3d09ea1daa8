/*
 * Handles of this process, on Windows.
 */
#ifndef TEST_HANDLES_H
#define TEST_HANDLES_H

/* The number of all handles, of any kind. */
int count_handles(void);

#endif
