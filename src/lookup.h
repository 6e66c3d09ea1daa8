/*
 * Looking up a name until a deadline, which the system's resolver does not have.
 */
#ifndef CSI_LOOKUP_H
#define CSI_LOOKUP_H

#include <stdint.h>

#include "csocket/system.h"

/* getaddrinfo(3): 0 and the list, or a failure. */
int csi_ask_resolver(const char *host, const char *service, const struct addrinfo *hints,
		     struct addrinfo **list);

/*
 * The same until a deadline, which is neither CSOCK_NOW nor CSOCK_NEVER. A signal does not end it.
 * After the deadline, or if this thread is cancelled, the look-up is given up, and ends on its own.
 * EAI_AGAIN if too many have been given up and still go on.
 */
int csi_look_up(const char *host, const char *service, const struct addrinfo *hints,
		int64_t deadline, struct addrinfo **list);

/* For the child after fork(): the parent's look-ups are not its own. */
void csi_look_ups_forget(void);

#endif
