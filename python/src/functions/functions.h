/*
 * The functions of the module: a table per subject, which module.c adds.
 */
#ifndef EXT_FUNCTIONS_H
#define EXT_FUNCTIONS_H

#include "state.h"

extern PyMethodDef resolver_functions[];          /* resolver.c: getaddrinfo, getnameinfo */
extern PyMethodDef host_database_functions[];     /* host_database.c: gethostby*, getfqdn */
extern PyMethodDef service_functions[];           /* services.c: getservby*, getprotobyname */
extern PyMethodDef host_functions[];              /* host.c: gethostname, if_* */
extern PyMethodDef inet_functions[];              /* inet.c: inet_*, ntoh*, hton* */
extern PyMethodDef create_connection_functions[]; /* create_connection.c: create_connection */
extern PyMethodDef create_server_functions[];     /* create_server.c: and has_dualstack_ipv6 */
extern PyMethodDef descriptor_functions[];        /* descriptors.c: fromfd, dup, close */
extern PyMethodDef ancillary_functions[];         /* ancillary.c: CMSG_LEN, CMSG_SPACE */
extern PyMethodDef rights_functions[];            /* rights.c: send_fds, recv_fds */
extern PyMethodDef gil_policy_functions[];        /* gil_policy.c: gil_policy */
extern PyMethodDef protocol_functions[];          /* protocols.c: _protocols */

#endif
