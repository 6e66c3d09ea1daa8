/*
 * The rows of the family table, and the code that they share.
 */
#ifndef CSI_FAMILY_H
#define CSI_FAMILY_H

#include "csocket/address.h"
#include "csocket/interface.h"

#include "platform/names.h"

/* The arguments of csock_addr_encode, for a family's encode. */
struct csi_encoding {
	const struct csock_value *values;
	size_t count;
	struct csock_socket *sock;
	int64_t deadline;
};

/* A row of the family table, and how to make and split an address, with checked arguments. */
struct csi_family {
	struct csock_family row; /* the first member: csi_family_of_row */
	int (*encode)(const struct csi_encoding *in, struct csock_addr *addr);
	int (*decode)(const struct csock_addr *addr, struct csock_socket *sock,
		      struct csock_values *values);
};

static inline const struct csi_family *csi_family_of_row(const struct csock_family *row)
{
	return (const struct csi_family *)row;
}

extern const struct csi_family csi_family_alg;
extern const struct csi_family csi_family_can_bcm;
extern const struct csi_family csi_family_can_isotp;
extern const struct csi_family csi_family_can_j1939;
extern const struct csi_family csi_family_can_raw;
extern const struct csi_family csi_family_hci;
extern const struct csi_family csi_family_hyperv;
extern const struct csi_family csi_family_inet;
extern const struct csi_family csi_family_inet6;
extern const struct csi_family csi_family_l2cap;
extern const struct csi_family csi_family_netlink;
extern const struct csi_family csi_family_packet;
extern const struct csi_family csi_family_qipcrtr;
extern const struct csi_family csi_family_rds;
extern const struct csi_family csi_family_rfcomm;
extern const struct csi_family csi_family_sco;
extern const struct csi_family csi_family_tipc;
extern const struct csi_family csi_family_unix;
extern const struct csi_family csi_family_vsock;

/* A field of 32 bits that may be written as a negative number: -1 has all bits set. */
#define CSI_WRAPPING_FIELD(field_name)                                                             \
	{                                                                                          \
		.name = (field_name), .kind = CSOCK_FIELD_INTEGER, .minimum = INT32_MIN,           \
		.maximum = UINT32_MAX                                                              \
	}

/* Host and port, in inet.c. AF_RDS has the same fields. */
#define CSI_INET_FIELDS 2
extern const struct csock_field csi_inet_fields[CSI_INET_FIELDS];

/* The rows of the system's families, in rows_<system>.c. */
extern const struct csi_family *const csi_family_rows[];
extern const size_t csi_family_row_count;

/*
 * csi_sockaddr_read copies an address into a struct of size bytes, and fills the rest with zeros.
 * csi_sockaddr_write copies all bytes of a struct into an address. So these structs have a member
 * in place of any padding, which the compiler might not initialise.
 */
void csi_sockaddr_read(const struct csock_addr *addr, void *sockaddr, size_t size);
void csi_sockaddr_write(struct csock_addr *addr, const void *sockaddr, size_t size);

/* Appends a value to a decoded address. */
void csi_values_add_integer(struct csock_values *values, int64_t integer);
void csi_values_add(struct csock_values *values, enum csock_value_kind kind, const void *data,
		    size_t length);

/* Writes the address of a host, from a checked value of CSOCK_FIELD_HOST: 0, or a failure. */
int csi_host_address(const struct csock_value *host, int family, int64_t deadline,
		     struct csock_addr *addr);

/*
 * csi_interface_index returns the index of the interface in a checked value of CSOCK_FIELD_NAME, 0
 * for an empty name, or a failure. csi_values_add_interface appends the name of an index; the name
 * is empty for 0, and if the interface is gone. sock is as for csock_addr_encode.
 */
int csi_interface_index(const struct csock_value *name, struct csock_socket *sock);
void csi_values_add_interface(struct csock_values *values, unsigned int index,
			      struct csock_socket *sock);

#endif
