/*
 * The rows of the family table, and what they share.
 */
#ifndef CSI_FAMILY_H
#define CSI_FAMILY_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "csocket/address.h"
#include "csocket/interface.h"

extern const struct csock_family csi_family_alg;
extern const struct csock_family csi_family_can_bcm;
extern const struct csock_family csi_family_can_isotp;
extern const struct csock_family csi_family_can_j1939;
extern const struct csock_family csi_family_can_raw;
extern const struct csock_family csi_family_hci;
extern const struct csock_family csi_family_inet;
extern const struct csock_family csi_family_inet6;
extern const struct csock_family csi_family_l2cap;
extern const struct csock_family csi_family_netlink;
extern const struct csock_family csi_family_packet;
extern const struct csock_family csi_family_qipcrtr;
extern const struct csock_family csi_family_rds;
extern const struct csock_family csi_family_rfcomm;
extern const struct csock_family csi_family_sco;
extern const struct csock_family csi_family_tipc;
extern const struct csock_family csi_family_unix;
extern const struct csock_family csi_family_vsock;

/* A field of 32 bits that may be written as a negative number: -1 has all bits set. */
#define CSI_WRAPPING_FIELD(field_name)                                                             \
	{                                                                                          \
		.name = (field_name), .kind = CSOCK_FIELD_INTEGER, .minimum = INT32_MIN,           \
		.maximum = UINT32_MAX                                                              \
	}

/* inet.c: host and port, the form of AF_RDS as well. */
#define CSI_INET_FIELDS 2
extern const struct csock_field csi_inet_fields[CSI_INET_FIELDS];

/* rows_*.c: the families of the system that is built for. */
extern const struct csock_family *const csi_family_rows[];
extern const size_t csi_family_row_count;

/*
 * Copies a sockaddr out of an address, with zeros for what that does not have; and into one: all
 * of its bytes, so that a struct has a member where the compiler would leave padding as it is.
 */
void csi_sockaddr_read(const struct csock_addr *addr, void *sockaddr, size_t size);
void csi_sockaddr_write(struct csock_addr *addr, const void *sockaddr, size_t size);

/* Fills in the next value of a decoded address. */
void csi_values_add_integer(struct csock_values *values, int64_t integer);
void csi_values_add(struct csock_values *values, enum csock_value_kind kind, const void *data,
		    size_t length);

/* The address of a host, from a checked value of CSOCK_FIELD_HOST. */
int csi_host_address(const struct csock_value *host, int family, int64_t deadline,
		     struct csock_addr *addr);

/*
 * The index of the interface that a checked value of CSOCK_FIELD_NAME names, 0 for an empty
 * name, or a failure; and the name of an index as the next value, empty for 0 and for one
 * that has gone. sock as for csock_addr_encode.
 */
int csi_interface_index(const struct csock_value *name, struct csock_socket *sock);
void csi_values_add_interface(struct csock_values *values, unsigned int index,
			      struct csock_socket *sock);

#endif
