/*
 * Statuses: how every call of libcsocket answers.
 *
 * A result of zero or more is success: a count of bytes, a descriptor, or plain 0.
 * A negative result is a failure; it fits an int, and names a domain and a code in it.
 * Nothing is left in errno or in any other global state.
 */
#ifndef CSOCKET_STATUS_H
#define CSOCKET_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "csocket/api.h"

CSOCK_BEGIN_DECLS

/* Where a failure comes from, and what its code then means. */
enum csock_domain {
	CSOCK_SUCCESS = 0,
	/* The system call failed; the code is its errno. */
	CSOCK_SYSTEM = 1,
	/* getaddrinfo or getnameinfo failed; the code is the EAI_* value, sign included. */
	CSOCK_RESOLVER = 2,
	/* The host database failed; the code is the h_errno value. */
	CSOCK_HOST_DATABASE = 3,
	/* The deadline passed first; no code. */
	CSOCK_TIMEOUT = 4,
	/* A signal came first; no code. The same call with the same deadline goes on. */
	CSOCK_INTERRUPTED = 5,
	/* The call would have to wait for something that has no errno, and the deadline was
	 * CSOCK_NOW; no code. */
	CSOCK_WOULD_WAIT = 6,
	/* An argument was refused before any system call; the code is an enum csock_refusal. */
	CSOCK_REFUSED = 7,
};

/* Why an argument was refused. For a value of an address csock_status_field() tells which. */
enum csock_refusal {
	CSOCK_REFUSED_FAMILY = 1, /* the family has no address form in this build */
	CSOCK_REFUSED_COUNT,      /* too few or too many values for the family's form */
	CSOCK_REFUSED_KIND,       /* a value of the wrong kind */
	CSOCK_REFUSED_RANGE,      /* an integer outside of the field's range */
	CSOCK_REFUSED_TOO_LONG,   /* text or bytes that do not fit */
	CSOCK_REFUSED_NUL,        /* a zero byte inside a name that ends at one */
	CSOCK_REFUSED_SYNTAX,     /* text that does not parse */
	CSOCK_REFUSED_AMBIGUOUS,  /* the wildcard host stands for more than one address */
	CSOCK_REFUSED_SIZE,       /* a size that the system's types cannot hold */
	CSOCK_REFUSED_UNKNOWN,    /* a number that stands for nothing known */
};

/* Makes a failure of a domain, with a code of it. */
CSOCK_API int csock_status_make(enum csock_domain domain, int code);

/* Makes a refusal. field counts from 0, and is 0 if no field is meant. */
CSOCK_API int csock_status_refuse(enum csock_refusal refusal, unsigned int field);

/* The domain of a failure; CSOCK_SUCCESS for any non-negative status. */
CSOCK_API enum csock_domain csock_status_domain(int status);

/* The code of a failure in its domain; 0 for any non-negative status. */
CSOCK_API int csock_status_code(int status);

/* The field that a refusal is about, from 0. */
CSOCK_API unsigned int csock_status_field(int status);

/* True if the call with CSOCK_NOW failed only because it would have had to wait. */
CSOCK_API bool csock_status_would_wait(int status);

/* Writes what went wrong as text, cut to size bytes with the final zero; returns buffer. */
CSOCK_API const char *csock_status_text(int status, char *buffer, size_t size);

CSOCK_END_DECLS

#endif
