/**
 * Statuses: the results of libcsocket's calls.
 *
 * A result of 0 or more is success: a count of bytes, a descriptor, or just 0. A negative result is
 * a failure: it names a domain and a code in that domain, and fits an int. It says everything;
 * callers need not look at errno.
 *
 * The description of a function names the system call or C library function that it makes. Unless
 * it says otherwise, a failure is CSOCK_SYSTEM with the errno of that call.
 */
/* SPDX-License-Identifier: MIT */
#ifndef CSOCKET_STATUS_H
#define CSOCKET_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "csocket/api.h"
#include "csocket/system.h"

CSOCK_BEGIN_DECLS

/** The source of a failure, which gives its code a meaning. */
enum csock_domain {
	CSOCK_SUCCESS = 0, /**< no failure */
	/**
	 * A system call failed; the code is its errno, or on Windows the number of Winsock. EINTR
	 * is CSOCK_INTERRUPTED instead.
	 */
	CSOCK_SYSTEM = 1,
	/** getaddrinfo or getnameinfo failed; the code is the EAI_* value, sign included. */
	CSOCK_RESOLVER = 2,
	/** The host database failed; the code is the h_errno value, such as HOST_NOT_FOUND. */
	CSOCK_HOST_DATABASE = 3,
	/** The deadline passed; no code. */
	CSOCK_TIMEOUT = 4,
	/** A signal interrupted the call; no code. Repeat it with the same deadline to go on. */
	CSOCK_INTERRUPTED = 5,
	/**
	 * The deadline is CSOCK_NOW, and the library did not try: the call needs the resolver, or
	 * might receive less than MSG_WAITALL asks for; no code.
	 */
	CSOCK_WOULD_WAIT = 6,
	/** The library refused an argument; the code is an enum csock_refusal. */
	CSOCK_REFUSED = 7,
	/** Calls on the socket, or on the former descriptor of a closed one, go on; no code. */
	CSOCK_IN_USE = 8,
	/** The stream ended before as much came as the call asks for; no code. */
	CSOCK_ENDED = 9,
};

/** The reason of a refusal. If it is about a value of an address, csock_status_field says which. */
enum csock_refusal {
	CSOCK_REFUSED_FAMILY = 1, /**< no address form for the family; <broadcast> without IPv4 */
	CSOCK_REFUSED_COUNT,      /**< too few or too many values for the family's form */
	CSOCK_REFUSED_KIND,       /**< a value of the wrong kind */
	CSOCK_REFUSED_RANGE,      /**< an integer out of range */
	CSOCK_REFUSED_TOO_LONG,   /**< text or bytes that do not fit */
	CSOCK_REFUSED_NUL,        /**< a zero byte in a name that must not have one */
	CSOCK_REFUSED_SYNTAX,     /**< text that does not parse */
	CSOCK_REFUSED_AMBIGUOUS,  /**< the wildcard host has more than one address */
	CSOCK_REFUSED_SIZE,    /**< a size that the system's types cannot hold; a short address */
	CSOCK_REFUSED_UNKNOWN, /**< a number without a known meaning */
	CSOCK_REFUSED_NULL,    /**< in debug builds: NULL where it is not allowed */
	CSOCK_REFUSED_COPIED,  /**< in debug builds: a socket that was copied after its first use */
};

/** The size of a buffer for the text of any status, with the final zero. */
#define CSOCK_STATUS_TEXT_MAX 256

/**
 * Makes a failure.
 *
 * @param domain not CSOCK_SUCCESS
 * @param code -32768 to 32767
 */
CSOCK_API int csock_status_make(enum csock_domain domain, int code);

/**
 * Makes a refusal.
 *
 * @param field the index of the value, 0 to 127; 0 if it is about no value
 */
CSOCK_API int csock_status_refuse(enum csock_refusal refusal, unsigned int field);

/** The domain of a failure; CSOCK_SUCCESS for a status of 0 or more. */
CSOCK_API enum csock_domain csock_status_domain(ssize_t status);

/** The code of a failure; 0 for a status of 0 or more. */
CSOCK_API int csock_status_code(ssize_t status);

/** The index of the value that a refusal is about; 0 for any other status. */
CSOCK_API unsigned int csock_status_field(ssize_t status);

/**
 * Whether a system call failed with this error of errno.h, such as ECONNREFUSED. On POSIX systems
 * the code of such a status is that error; on Windows it is a number of Winsock.
 */
CSOCK_API bool csock_status_is(ssize_t status, int error);

/** Whether the call would have had to wait: EAGAIN, EWOULDBLOCK or CSOCK_WOULD_WAIT. */
CSOCK_API bool csock_status_would_wait(ssize_t status);

/**
 * Writes the status as text for people, and returns buffer. The text is that of strerror_r(3),
 * gai_strerror(3), hstrerror(3) or of the library. It is cut to size bytes, with a final zero;
 * CSOCK_STATUS_TEXT_MAX bytes are enough.
 */
CSOCK_API const char *csock_status_text(ssize_t status, char *buffer, size_t size);

CSOCK_END_DECLS

#endif
