/*
 * Library calls on a socket: when they keep the GIL, and when they release it.
 *
 * A call is tried first: with the GIL held, or without it if it copies much. If it need not wait,
 * that is all. If it would wait, it is made again, with the socket's real deadline. Handlers of
 * signals that interrupt it run in between (PEP 475).
 *
 * Some calls are not tried: operations that may block in spite of CSOCK_NOW, receiving if the last
 * calls had to wait, and copying much if the kernel does the waiting. Under
 * csocket.gil_policy("release") no call keeps the GIL.
 */
#ifndef EXT_CALL_H
#define EXT_CALL_H

#include "convert/errors.h"
#include "gil/release.h"
#include "inlining.h"
#include "socket/object.h"

#include <sys/types.h>

/* Makes a library call with this deadline. Must not touch Python objects. */
typedef ssize_t (*library_call)(struct csock_socket *sock, void *arguments, int64_t deadline);

/*
 * The largest copy with the GIL held, in bytes. It takes a few dozen microseconds; getting the GIL
 * back may take five milliseconds. Programs that read "a lot" mostly ask for no more than this.
 */
#define TRY_SIZE_MAX 262144

enum call_mode {
	CALL_SEND,         /* may be called with CSOCK_NOW in any mode of the socket */
	CALL_SEND_MUCH,    /* the same, and more than TRY_SIZE_MAX */
	CALL_RECEIVE,      /* as CALL_SEND, and the socket predicts whether it would wait */
	CALL_RECEIVE_MUCH, /* the same, and more than TRY_SIZE_MAX */
	CALL_ACCEPT,       /* as CALL_RECEIVE, but only on a descriptor that stays non-blocking */
	CALL_WAIT,         /* may block in spite of CSOCK_NOW */
};

/*
 * The flags of a call. With a timeout the system call is made when the socket is ready, and does
 * not wait; so stock's calls are the same with and without MSG_DONTWAIT and MSG_WAITALL.
 */
static inline int call_flags(int flags, int64_t deadline)
{
	bool has_timeout = deadline != CSOCK_NOW && deadline != CSOCK_NEVER;

	return has_timeout ? flags & ~(MSG_DONTWAIT | MSG_WAITALL) : flags;
}

/* The mode for sending or receiving size bytes. */
static inline enum call_mode send_mode(size_t size)
{
	return LIKELY(size <= TRY_SIZE_MAX) ? CALL_SEND : CALL_SEND_MUCH;
}

static inline enum call_mode receive_mode(size_t size)
{
	return LIKELY(size <= TRY_SIZE_MAX) ? CALL_RECEIVE : CALL_RECEIVE_MUCH;
}

static inline bool copies_much(enum call_mode mode)
{
	return mode == CALL_SEND_MUCH || mode == CALL_RECEIVE_MUCH;
}

/* Whether the descriptor is non-blocking, and another thread cannot change that before the call. */
static inline bool stays_nonblocking(const struct socket_object *self)
{
	return HAS_GIL && csock_is_nonblocking(&self->sock);
}

static inline bool may_try(const struct socket_object *self, enum call_mode mode)
{
	if (mode == CALL_WAIT || !csock_can_try(&self->sock) ||
	    (mode == CALL_ACCEPT && !stays_nonblocking(self)))
		return false;
	/* The GIL is released anyway, and the kernel can both copy and wait. */
	if (copies_much(mode) && sock_timeout(self) < 0)
		return false;
	return mode == CALL_SEND || mode == CALL_SEND_MUCH || sock_timeout(self) == 0 ||
	       !csock_expects_to_wait(&self->sock);
}

static inline bool keeps_gil(struct socket_object *self, enum call_mode mode)
{
	return !copies_much(mode) && gil_is_kept(&self->state->gil);
}

/* Whether the kernel does the waiting, and no other thread could take the GIL meanwhile. */
static inline bool is_left_to_kernel(const struct socket_object *self, enum call_mode mode)
{
	return (mode == CALL_WAIT || mode == CALL_ACCEPT) && sock_timeout(self) < 0 &&
	       gil_has_no_taker(&self->state->gil);
}

/* Continues after a failed try: its result is final, or the call is repeated. */
ASIDE ssize_t sock_call_again(struct socket_object *self, ssize_t result, library_call call,
			      void *arguments);

/* The same after a call without a deadline: if a signal ended the call, it is made again. */
ASIDE ssize_t sock_call_on(struct socket_object *self, ssize_t result, library_call call,
			   void *arguments);

/* Makes the call with the GIL released: a try first if tries is set, and again after a signal. */
APART UNGUARDED ssize_t sock_call_released(struct socket_object *self, bool tries,
					   library_call call, void *arguments);

/*
 * Calls with the socket's timeout: the result, a failed status, or CALL_RAISED. A signal handler
 * that raises ends the call; after any other signal it is made again. Inline, so that a try is
 * little more than the library's call.
 */
static inline __attribute__((always_inline)) ssize_t
sock_call(struct socket_object *self, enum call_mode mode, library_call call, void *arguments)
{
	bool tries = may_try(self, mode);

	if (LIKELY(tries && keeps_gil(self, mode))) {
		ssize_t result = call(&self->sock, arguments, CSOCK_NOW);
		if (LIKELY(result >= 0))
			return result;
		return sock_call_again(self, result, call, arguments);
	}
	if (is_left_to_kernel(self, mode)) {
		ssize_t result = call(&self->sock, arguments, CSOCK_NEVER);
		return LIKELY(result >= 0) ? result : sock_call_on(self, result, call, arguments);
	}
	return sock_call_released(self, tries && mode != CALL_ACCEPT, call, arguments);
}

#endif
