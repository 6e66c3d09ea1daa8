/*
 * The platform contract on POSIX systems: what threads and signals need.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "failure.h"
#include "platform/platform.h"
#include "platform/sigpipe.h"
#include "shared.h"

/*
 * SIGURG is best: the system ignores it where nobody handles it, and it does not queue. 0: the
 * program forbids a signal.
 */
static int wake_signal = SIGURG;

static void wake_handler(int number)
{
	/* The signal only makes the system call return EINTR. */
	(void)number;
}

/* Whether the program leaves the signal to the library. */
static bool is_free(const struct sigaction *now)
{
	return !(now->sa_flags & SA_SIGINFO) &&
	       (now->sa_handler == SIG_DFL || now->sa_handler == wake_handler);
}

int csi_platform_chosen_signal(void)
{
	return CSI_LOAD(wake_signal);
}

int csi_platform_wake_signal(void)
{
	int number = CSI_LOAD(wake_signal);
	struct sigaction now;
	sigset_t blocked;

	if (number == 0 || pthread_sigmask(SIG_BLOCK, NULL, &blocked) != 0 ||
	    sigismember(&blocked, number) != 0 || sigaction(number, NULL, &now) != 0)
		return 0;
	return is_free(&now) ? number : 0;
}

/* Installs the handler, once. No SA_RESTART: the signal must interrupt. */
static int claim(int number)
{
	const struct sigaction ours = {.sa_handler = wake_handler, .sa_flags = SA_ONSTACK};
	struct sigaction now;

	if (sigaction(number, NULL, &now) != 0)
		return csi_failure();
	if (!is_free(&now))
		return csi_system(EBUSY);
	if (now.sa_handler == wake_handler || sigaction(number, &ours, NULL) == 0)
		return 0;
	return csi_failure();
}

int csi_platform_interrupt(csi_thread thread, csock_handle fd, int number)
{
	(void)fd;
	int result = claim(number);

	if (result < 0)
		return result;
	int error = pthread_kill(thread, number);
	/* The system does not allow it: from now on calls wait for a descriptor. */
	if (error != 0)
		CSI_STORE(wake_signal, 0);
	return error == 0 ? 0 : csi_system(error);
}

/* Gives a signal back to the program. */
static void release(int number)
{
	const struct sigaction initial = {.sa_handler = SIG_DFL};
	struct sigaction now;

	if (number != 0 && sigaction(number, NULL, &now) == 0 && now.sa_handler == wake_handler)
		(void)sigaction(number, &initial, NULL);
}

int csi_platform_choose_signal(int number)
{
	struct sigaction now;

	if (number == SIGKILL || number == SIGSTOP)
		return csi_system(EINVAL);
	if (number != 0 && sigaction(number, NULL, &now) != 0)
		return csi_failure();
	if (number != wake_signal)
		release(wake_signal);
	CSI_STORE(wake_signal, number);
	return 0;
}

/* Runs when the library is unloaded, and its handler with it. */
static __attribute__((destructor)) void release_signal(void)
{
	release(wake_signal);
}

/* Keeps the library loaded for ever. In a program that is linked statically there is none. */
static void keep_loaded(void)
{
	Dl_info library;

	if (dladdr((void *)(uintptr_t)keep_loaded, &library) != 0)
		(void)dlopen(library.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

int csi_platform_start_thread(void *(*run)(void *), void *arg)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;
	int error = pthread_attr_init(&attributes);

	if (error != 0)
		return csi_system(error);
	keep_loaded();
	sigfillset(&all);
	/* These cannot fail: the arguments are valid. A thread starts with the mask of its maker.
	 */
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&thread, &attributes, run, arg);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attributes);
	return error == 0 ? 0 : csi_system(error);
}

static const struct timespec no_time;

void csi_sigpipe_hold(struct csi_sigpipe *held)
{
	sigset_t pending;

	sigemptyset(&held->set);
	sigaddset(&held->set, SIGPIPE);
	/* These cannot fail: the arguments are valid. */
	(void)pthread_sigmask(SIG_BLOCK, &held->set, &held->old);
	held->was_pending = sigismember(&held->old, SIGPIPE) == 1 && sigpending(&pending) == 0 &&
			    sigismember(&pending, SIGPIPE) == 1;
}

void csi_sigpipe_release(const struct csi_sigpipe *held, bool raised)
{
	int cancelling;

	/* One that was pending before is the program's. */
	if (raised && !held->was_pending) {
		(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelling);
		while (sigtimedwait(&held->set, NULL, &no_time) < 0 && errno == EINTR)
			;
		(void)pthread_setcancelstate(cancelling, NULL);
	}
	(void)pthread_sigmask(SIG_SETMASK, &held->old, NULL);
}
