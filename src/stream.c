/*
 * Connecting to a name, and listening on one.
 */
#include "csocket/stream.h"

#include <inttypes.h>
#include <string.h>

#include "csocket/option.h"

#include "failure.h"
#include "platform/names.h"
#include "race.h"
#include "resolution.h"

/* The deadline for the next attempt: an equal share of the time, with so many more to follow. */
static int64_t share(int64_t deadline, size_t more)
{
	int64_t now = csock_clock();

	if (deadline == CSOCK_NOW || deadline == CSOCK_NEVER || deadline <= now)
		return deadline;
	return now + (deadline - now) / (int64_t)(more + 1);
}

static int connect_to_result(struct csock_socket *sock, const struct csock_resolved *result,
			     int64_t deadline)
{
	int status = 0;

	if (csock_fd(sock) == CSOCK_NO_HANDLE)
		status = csock_open(sock, result->family, result->type, result->protocol);
	return status < 0 ? status : csock_connect(sock, &result->addr, deadline);
}

/* Whether the call ends here, and leaves the socket as it is. */
static bool is_last(int status)
{
	/* EBADF: another thread has closed the socket. */
	return status == 0 || csock_status_domain(status) == CSOCK_INTERRUPTED ||
	       csi_is_system(status, EINPROGRESS) || csi_is_system(status, EALREADY) ||
	       csi_is_system(status, EBADF);
}

static int connect_in_turn(struct csock_socket *sock, struct csock_resolution *resolution,
			   int64_t deadline)
{
	const struct csock_resolved *result = resolution->attempted;
	int status = csock_status_make(CSOCK_RESOLVER, EAI_NONAME);

	if (csock_fd(sock) == CSOCK_NO_HANDLE)
		result = csock_resolution_next(resolution);
	else if (!result)
		return csi_system(EBUSY);
	for (; result; result = csock_resolution_next(resolution)) {
		status = connect_to_result(sock, result,
					   share(deadline, csi_resolution_left(resolution)));
		resolution->attempted = status < 0 ? result : NULL;
		if (is_last(status))
			return status;
		(void)csock_close(sock); /* nothing was sent that could be lost */
	}
	resolution->attempted = NULL;
	return status;
}

static int connect_in_race(struct csock_socket *sock, struct csock_resolution *resolution,
			   int64_t delay, int64_t deadline)
{
	if (!resolution->race) {
		if (csock_fd(sock) != CSOCK_NO_HANDLE)
			return csi_system(EBUSY);
		resolution->race = csi_race_new(resolution);
		if (!resolution->race)
			return csi_system(ENOMEM);
	}
	int status = csi_race_run(resolution->race, sock, delay, deadline);
	if (csock_status_domain(status) == CSOCK_INTERRUPTED)
		return status;
	if (deadline == CSOCK_NOW && csock_status_domain(status) == CSOCK_TIMEOUT)
		return csi_system(EINPROGRESS);
	csi_race_free(resolution->race);
	resolution->race = NULL;
	if (status < 0)
		(void)csock_close(sock);
	return status;
}

int csock_connect_any(struct csock_socket *sock, struct csock_resolution *resolution, int64_t delay,
		      int64_t deadline)
{
	CSI_NEED(sock, resolution);
	/* One address needs no race. */
	bool races = delay > 0 && !resolution->attempted && csi_resolution_left(resolution) > 1;

	return races || resolution->race ? connect_in_race(sock, resolution, delay, deadline)
					 : connect_in_turn(sock, resolution, deadline);
}

/* glibc takes a port modulo 65536, and an empty service for port 0: 0, or a refusal of these. */
static int check_service(const char *service)
{
	size_t digits = strspn(service, "0123456789");

	if (*service == '\0')
		return csock_status_refuse(CSOCK_REFUSED_SYNTAX, 0);
	if (service[digits] == '\0' && strtoumax(service, NULL, 10) > UINT16_MAX)
		return csock_status_refuse(CSOCK_REFUSED_RANGE, 0);
	return 0;
}

int csock_connect_to(struct csock_socket *sock, const char *host, const char *service,
		     int64_t deadline)
{
	CSI_NEED(sock, service);
	const struct csock_hints hints = {.type = SOCK_STREAM};
	struct csock_resolution *resolution;

	if (csock_fd(sock) != CSOCK_NO_HANDLE)
		return csi_system(EBUSY);
	int status = check_service(service);
	if (status < 0)
		return status;
	status = csock_resolve(host, service, &hints, deadline, &resolution);
	if (status < 0)
		return status;
	status = csock_connect_any(sock, resolution, CSOCK_ATTEMPT_DELAY, deadline);
	if (status < 0)
		(void)csock_close(sock);
	csock_resolution_free(resolution);
	return status;
}

/* Whether an AF_INET6 socket takes only IPv6, or IPv4 too. */
enum versions {
	IPV6_ALONE,
	BOTH
};

static int set_options(struct csock_socket *sock, const struct csock_resolved *result,
		       const struct csock_listen_options *options, enum versions versions)
{
	/* A UDP port is free as soon as its socket is closed. */
	int status = result->type == SOCK_DGRAM
			     ? 0
			     : csock_set_int(sock, SOL_SOCKET, CSI_LISTEN_OPTION, 1);

	if (status == 0 && options->reuse_port)
		status = csock_set_int(sock, SOL_SOCKET, SO_REUSEPORT, 1);
	if (status == 0 && result->family == AF_INET6)
		status = csock_set_int(sock, IPPROTO_IPV6, IPV6_V6ONLY, versions == IPV6_ALONE);
	return status;
}

static int listen_at_result(struct csock_socket *sock, const struct csock_resolved *result,
			    const struct csock_listen_options *options, enum versions versions)
{
	int mode = options->nonblocking ? SOCK_NONBLOCK : 0;
	int status = csock_open(sock, result->family, result->type | mode, result->protocol);

	if (status < 0)
		return status;
	status = set_options(sock, result, options, versions);
	if (status == 0)
		status = csock_bind(sock, &result->addr);
	if (status == 0 && result->type != SOCK_DGRAM)
		status = csock_listen(sock, options->backlog ? options->backlog : SOMAXCONN);
	if (status < 0)
		(void)csock_close(sock);
	return status;
}

/* What csock_listen_on is asked for. */
struct place {
	const char *host;
	const char *service;
	int64_t deadline;
};

/* Listens at the first address of the family that can be bound. */
static int listen_at(struct csock_socket *sock, const struct place *place, int family,
		     const struct csock_listen_options *options, enum versions versions)
{
	const struct csock_hints hints = {
		.family = family,
		.type = options->type ? options->type : SOCK_STREAM,
		.flags = AI_PASSIVE,
	};
	const char *any = family == AF_INET6 ? "::" : "0.0.0.0";
	const struct csock_resolved *result;
	struct csock_resolution *resolution;
	int status = csock_resolve(place->host ? place->host : any, place->service, &hints,
				   place->deadline, &resolution);

	if (status < 0)
		return status;
	status = csock_status_make(CSOCK_RESOLVER, EAI_NONAME);
	while (status < 0 && (result = csock_resolution_next(resolution)))
		status = listen_at_result(sock, result, options, versions);
	csock_resolution_free(resolution);
	return status;
}

int csock_listen_on(struct csock_socket *sock, const char *host, const char *service,
		    const struct csock_listen_options *options, int64_t deadline)
{
	CSI_NEED(sock);
	static const struct csock_listen_options usual;
	const struct place place = {host, service ? service : "0", deadline};

	if (csock_fd(sock) != CSOCK_NO_HANDLE)
		return csi_system(EBUSY);
	if (!options)
		options = &usual;
	int status = check_service(place.service);
	if (status < 0)
		return status;
	if (host || options->family != AF_UNSPEC)
		return listen_at(sock, &place, options->family, options, IPV6_ALONE);
	status = listen_at(sock, &place, AF_INET6, options, BOTH);
	/* The kernel was built or started without IPv6, or it is turned off. */
	if (csi_is_system(status, EAFNOSUPPORT) || csi_is_system(status, EADDRNOTAVAIL))
		status = listen_at(sock, &place, AF_INET, options, IPV6_ALONE);
	return status;
}
