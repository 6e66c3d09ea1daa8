/*
 * Statuses: a domain and a code in one negative int, and their text.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "csocket/status.h"

#include "failure.h"
#include "platform/platform.h"

/*
 * A failure is -(domain << 16 | code), where code has 16 bits. In the code of a refusal, the high
 * byte is the field.
 */
#define CODE_BITS 16
#define CODE_MASK 0xffffU
#define FIELD_BITS 8
#define REFUSAL_MASK 0xff

int csock_status_make(enum csock_domain domain, int code)
{
	return -(int)((unsigned int)domain << CODE_BITS | ((unsigned int)code & CODE_MASK));
}

int csock_status_refuse(enum csock_refusal refusal, unsigned int field)
{
	return csock_status_make(CSOCK_REFUSED, (int)(field << FIELD_BITS | (unsigned int)refusal));
}

enum csock_domain csock_status_domain(ssize_t status)
{
	if (status >= 0)
		return CSOCK_SUCCESS;
	return (enum csock_domain)(-(unsigned int)status >> CODE_BITS);
}

static int whole_code(ssize_t status)
{
	return (int16_t)(-(unsigned int)status & CODE_MASK);
}

int csock_status_code(ssize_t status)
{
	switch (csock_status_domain(status)) {
	case CSOCK_SUCCESS:
		return 0;
	case CSOCK_REFUSED:
		return whole_code(status) & REFUSAL_MASK;
	default:
		return whole_code(status);
	}
}

unsigned int csock_status_field(ssize_t status)
{
	if (csock_status_domain(status) != CSOCK_REFUSED)
		return 0;
	return (unsigned int)whole_code(status) >> FIELD_BITS;
}

bool csock_status_is(ssize_t status, int error)
{
	int code = csock_status_code(status);

	/* On Windows more than one number may stand for an error, and one number for two errors. */
	return csock_status_domain(status) == CSOCK_SYSTEM &&
	       (code == csi_platform_code(error) || csi_platform_errno(code) == error);
}

bool csock_status_would_wait(ssize_t status)
{
	return csock_status_domain(status) == CSOCK_WOULD_WAIT || csi_is_system(status, EAGAIN) ||
	       csi_is_system(status, EWOULDBLOCK);
}

static const char *refusal_text(enum csock_refusal refusal)
{
	switch (refusal) {
	case CSOCK_REFUSED_FAMILY:
		return "no address form for this family";
	case CSOCK_REFUSED_COUNT:
		return "wrong number of address values";
	case CSOCK_REFUSED_KIND:
		return "address value of the wrong kind";
	case CSOCK_REFUSED_RANGE:
		return "integer out of range";
	case CSOCK_REFUSED_TOO_LONG:
		return "too long";
	case CSOCK_REFUSED_NUL:
		return "embedded null byte";
	case CSOCK_REFUSED_SYNTAX:
		return "malformed text";
	case CSOCK_REFUSED_AMBIGUOUS:
		return "wildcard resolved to multiple address";
	case CSOCK_REFUSED_SIZE:
		return "size out of range";
	case CSOCK_REFUSED_UNKNOWN:
		return "unknown number";
	case CSOCK_REFUSED_NULL:
		return "a pointer is NULL that must not be";
	case CSOCK_REFUSED_COPIED:
		return "the socket was copied after its first use, or not initialised";
	}
	return "refused";
}

const char *csock_status_text(ssize_t status, char *buffer, size_t size)
{
	int code = csock_status_code(status);
	const char *text = "unknown status";

	switch (csock_status_domain(status)) {
	case CSOCK_SUCCESS:
		text = "success";
		break;
	case CSOCK_SYSTEM:
		text = csi_platform_error_text(code, buffer, size);
		break;
	case CSOCK_RESOLVER:
		text = csi_platform_resolver_text(code, buffer, size);
		break;
	case CSOCK_HOST_DATABASE:
		text = csi_platform_host_text(code, buffer, size);
		break;
	case CSOCK_TIMEOUT:
		text = "timed out";
		break;
	case CSOCK_INTERRUPTED:
		text = "interrupted by a signal";
		break;
	case CSOCK_WOULD_WAIT:
		text = "would have to wait";
		break;
	case CSOCK_ENDED:
		text = "the stream ended early";
		break;
	case CSOCK_IN_USE:
		text = "calls are still in progress";
		break;
	case CSOCK_REFUSED:
		text = refusal_text((enum csock_refusal)code);
		break;
	}
	if (text != buffer)
		snprintf(buffer, size, "%s", text);
	return buffer;
}
