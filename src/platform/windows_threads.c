/*
 * The platform contract on Windows: threads.
 */
#include <stdlib.h>

#include "failure.h"
#include "platform/platform.h"
#include "platform/windows.h"

struct start {
	void *(*run)(void *arg);
	void *arg;
};

static DWORD WINAPI run(void *arg)
{
	struct start start = *(struct start *)arg;

	free(arg);
	(void)start.run(start.arg);
	return 0;
}

/*
 * Keeps the DLL loaded until the process ends, because the thread runs its code. If the library is
 * linked statically, this keeps the module that it is linked into.
 */
static void keep_loaded(void)
{
	const DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
	HMODULE library;

	(void)GetModuleHandleExW(flags, (const WCHAR *)(uintptr_t)keep_loaded, &library);
}

int csi_platform_start_thread(void *(*function)(void *), void *arg)
{
	struct start *start = malloc(sizeof *start);

	if (!start)
		return csi_system(ENOMEM);
	*start = (struct start){function, arg};
	keep_loaded();
	HANDLE thread = CreateThread(NULL, 0, run, start, 0, NULL);
	if (!thread) {
		free(start);
		return csi_windows_failure(GetLastError());
	}
	(void)CloseHandle(thread);
	return 0;
}
